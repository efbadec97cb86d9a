using VisionSeqModels.Core;
using VisionSeqModels.Drawing;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>How far a map is from saying what random changes of the image do to the score: the mean of
/// (Σ map × change − fall of the score)². Yeh et al., "On the (in)fidelity and sensitivity of explanations" (2019).</summary>
/// <remarks>Smaller is better. A map of one channel counts for each channel. Maps whose numbers have another unit than the score
/// (class activation maps, magnitudes) are compared by <see cref="ScaledValues"/>.</remarks>
public sealed record Infidelity
{
    /// <summary>The name of the maps' method.</summary>
    public required string Method { get; init; }

    /// <summary>The class of each image; −1 for an objective.</summary>
    public required IReadOnlyList<long> Targets { get; init; }

    /// <summary>For each image the infidelity of its map.</summary>
    public required IReadOnlyList<double> Values { get; init; }

    /// <summary>For each image the infidelity of its map times the factor for which it is smallest.</summary>
    public required IReadOnlyList<double> ScaledValues { get; init; }

    /// <summary>The mean of <see cref="Values"/>.</summary>
    public double Mean => Values.Average();

    /// <summary>The mean of <see cref="ScaledValues"/>.</summary>
    public double ScaledMean => ScaledValues.Average();

    /// <summary>Changes each image at random, by the same changes for any map.</summary>
    /// <param name="model">The model, as for <see cref="Attribution"/>; nothing of it changes.</param>
    /// <param name="images">The images <c>[batch, channels, height, width]</c>, normalised.</param>
    /// <param name="maps">A map for each image, of any method.</param>
    /// <param name="options">How many changes, how large; null for the defaults.</param>
    /// <param name="cancellationToken">Checked between passes.</param>
    /// <exception cref="ArgumentException">The maps are not those of the images, or the model has no such class.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static Infidelity Measure(
        nn.Module<Tensor, Tensor> model,
        Tensor images,
        IReadOnlyList<AttributionMap> maps,
        InfidelityOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        options ??= new InfidelityOptions();
        options.Validate();
        var explained = new ExplainedOutput(model, images, maps, options.Objective);
        var values = maps.Select((map, i) => Of(explained, images, i, map, options, cancellationToken)).ToList();
        return new Infidelity
        {
            Method = maps[0].Method,
            Targets = [.. maps.Select(map => map.Target)],
            Values = [.. values.Select(value => value.Plain)],
            ScaledValues = [.. values.Select(value => value.Scaled)],
        };
    }

    /// <summary>Draws a row for each image, the worst first; at most 40.</summary>
    public Picture Draw() =>
        ImageNumbers.Draw($"{Method}: infidelity", [("as it is", Values), ("scaled", ScaledValues)], Targets);

    /// <summary>Writes all numbers as JSON, whole or not at all.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => ResultFile.Save(path, this, JsonFormat.Compact);

    private static (double Plain, double Scaled) Of(
        ExplainedOutput explained,
        Tensor images,
        int index,
        AttributionMap map,
        InfidelityOptions options,
        CancellationToken cancellationToken
    )
    {
        using var normal = inference_mode(false);
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        var image = explained.Image(images, index);
        var values = tensor(map.Values.ToArray(), [.. map.Shape.Select(size => (long)size)], device: image.device)
            .to_type(image.dtype);
        var deviation = (image.max() - image.min()) * options.Noise;
        using var generator = SampleGenerator.Of(options.Seed, index);
        double score = explained.Scores(image, map.Target)[0];
        var products = new List<double>();
        var falls = new List<double>();
        foreach (int[] chunk in Enumerable.Range(0, options.SampleCount).Chunk(options.BatchSize))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var inner = NewDisposeScope();
            var changes =
                stack([.. chunk.Select(_ => randn(image.shape[1..], dtype: ScalarType.Float64, generator: generator))])
                    .to_type(image.dtype)
                    .to(image.device) * deviation;
            products.AddRange(TensorNumbers.Doubles((changes * values).sum([1, 2, 3])));
            falls.AddRange(explained.Scores(image - changes, map.Target).Select(changed => score - changed));
        }

        double squares = products.Sum(product => product * product);
        double factor = squares > 0 ? products.Zip(falls, (product, fall) => product * fall).Sum() / squares : 0;
        double At(double scale) =>
            products.Zip(falls, (product, fall) => ((scale * product) - fall) * ((scale * product) - fall)).Average();
        return (At(1), At(factor));
    }
}
