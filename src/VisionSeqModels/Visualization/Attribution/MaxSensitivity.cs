using VisionSeqModels.Core;
using VisionSeqModels.Drawing;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>How much a method's maps change when the images hardly do: the largest distance, of some random changes, between
/// the maps, over the norm of the map. Yeh et al., "On the (in)fidelity and sensitivity of explanations" (2019).</summary>
/// <remarks>Smaller is better, but a method that gives the same map for any image has none.</remarks>
public sealed record MaxSensitivity
{
    /// <summary>The name of the method.</summary>
    public required string Method { get; init; }

    /// <summary>The class of each image; −1 for an objective.</summary>
    public required IReadOnlyList<long> Targets { get; init; }

    /// <summary>For each image the largest distance over the norm of the map of the unchanged image.</summary>
    public required IReadOnlyList<double> Values { get; init; }

    /// <summary>For each image the largest distance itself.</summary>
    public required IReadOnlyList<double> Distances { get; init; }

    /// <summary>The mean of <see cref="Values"/>.</summary>
    public double Mean => Values.Average();

    /// <summary>Explains the images, and each changed at random some times.</summary>
    /// <param name="model">The model, as for <see cref="Attribution"/>; nothing of it changes.</param>
    /// <param name="images">The images <c>[batch, channels, height, width]</c>, normalised.</param>
    /// <param name="options">Which method, how many changes, how large; null for the defaults.</param>
    /// <param name="cancellationToken">Checked between passes.</param>
    /// <exception cref="ArgumentException">The images or scores do not have the shapes that the method asks for.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static MaxSensitivity Measure(
        nn.Module<Tensor, Tensor> model,
        Tensor images,
        MaxSensitivityOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(images);
        options ??= new MaxSensitivityOptions();
        options.Validate();
        var ofMethod = new AttributionOptions { BatchSize = options.BatchSize, Objective = options.Objective };
        var maps = options.Method(model, images, ofMethod, cancellationToken);
        if (maps.All(map => map.Target >= 0))
        {
            ofMethod = ofMethod with { Targets = [.. maps.Select(map => map.Target)] };
        }

        var distances = new double[maps.Count];
        var generators = maps.Select((_, i) => SampleGenerator.Of(options.Seed, i)).ToList();
        for (int sample = 0; sample < options.SampleCount; sample++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var normal = inference_mode(false);
            using var scope = NewDisposeScope();
            var changed = options.Method(model, Changed(images, generators, options.Radius), ofMethod, cancellationToken);
            distances = [.. distances.Select((most, i) => Math.Max(most, Distance(maps[i], changed[i])))];
        }

        generators.ForEach(generator => generator.Dispose());
        return new MaxSensitivity
        {
            Method = maps[0].Method,
            Targets = [.. maps.Select(map => map.Target)],
            Distances = distances,
            Values = [.. distances.Select((distance, i) => distance / Norm(maps[i].Values.Select(value => (double)value)))],
        };
    }

    /// <summary>Draws a row for each image, the worst first; at most 40.</summary>
    public Picture Draw() =>
        ImageNumbers.Draw($"{Method}: max-sensitivity", [("relative", Values), ("distance", Distances)], Targets);

    /// <summary>Writes all numbers as JSON, whole or not at all.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => ResultFile.Save(path, this, JsonFormat.Compact);

    private static Tensor Changed(Tensor images, List<Generator> generators, double radius)
    {
        var range = images.amax([1, 2, 3], keepdim: true) - images.amin([1, 2, 3], keepdim: true);
        var drawn = stack([
            .. generators.Select(generator => rand(images.shape[1..], dtype: ScalarType.Float64, generator: generator)),
        ]);
        return (images + (((drawn * 2) - 1).to_type(images.dtype).to(images.device) * range * radius)).detach();
    }

    private static double Distance(AttributionMap one, AttributionMap other) =>
        Norm(one.Values.Zip(other.Values, (a, b) => (double)a - b));

    private static double Norm(IEnumerable<double> values) => Math.Sqrt(values.Sum(value => value * value));
}
