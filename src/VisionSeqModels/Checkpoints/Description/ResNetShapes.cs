namespace VisionSeqModels.Checkpoints;

/// <summary>The weights and buffers that a residual network's options ask for, by arithmetic alone.</summary>
internal static class ResNetShapes
{
    public static IEnumerable<WeightShape> Of(ResNetOptions options)
    {
        if (options.Widths.Count == 0)
        {
            yield break; // refused when it is built
        }

        long inputs = options.Widths[0];
        foreach (
            var weight in Normalized("conv1", "bn1", inputs, options.InputChannels, options.Stem == ResNetStem.Large ? 7 : 3)
        )
        {
            yield return weight;
        }

        for (int stage = 0; stage < Math.Min(options.Widths.Count, options.BlockCounts.Count); stage++)
        {
            long width = options.Widths[stage];
            for (long block = 0; block < options.BlockCounts[stage]; block++)
            {
                bool projects = options.Shortcut == ResNetShortcut.Projection && ((stage > 0 && block == 0) || inputs != width);
                foreach (var weight in Block($"layer{stage + 1}.{block}.", inputs, width, projects))
                {
                    yield return weight;
                }

                inputs = width;
            }
        }

        foreach (var weight in ModelShapes.Linear("fc", inputs, options.OutputCount))
        {
            yield return weight;
        }
    }

    private static IEnumerable<WeightShape> Block(string name, long inputs, long width, bool projects) =>
        [
            .. Normalized(name + "conv1", name + "bn1", width, inputs, 3),
            .. Normalized(name + "conv2", name + "bn2", width, width, 3),
            .. projects ? Normalized(name + "downsample.0", name + "downsample.1", width, inputs, 1) : [],
        ];

    /// <summary>A convolution without bias, and its batch normalisation.</summary>
    private static WeightShape[] Normalized(string convolution, string norm, long outputs, long inputs, long side) =>
        [
            new($"{convolution}.weight", [outputs, inputs, side, side]),
            new($"{norm}.weight", [outputs]),
            new($"{norm}.bias", [outputs]),
            new($"{norm}.running_mean", [outputs]),
            new($"{norm}.running_var", [outputs]),
            new($"{norm}.num_batches_tracked", []),
        ];
}
