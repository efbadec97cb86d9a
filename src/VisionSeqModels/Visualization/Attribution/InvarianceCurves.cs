using System.Text.Json;
using VisionSeqModels.Core;
using VisionSeqModels.Drawing;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>How far a model's features move when images are shifted, scaled or turned: figure 5 of Zeiler and Fergus
/// (2013).</summary>
public sealed record InvarianceCurves
{
    /// <summary>What was done to the images.</summary>
    public required ImageTransform Change { get; init; }

    /// <summary>By how much: pixels to the right, factors, or degrees.</summary>
    public required IReadOnlyList<double> Amounts { get; init; }

    /// <summary>For each layer the mean over images of the Euclidean distance between the features of the changed and of
    /// the original image.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<double>> Distances { get; init; }

    /// <summary>The mean probability of the true class at each amount.</summary>
    public required IReadOnlyList<double> Probabilities { get; init; }

    /// <summary>Measures over some images.</summary>
    /// <param name="model">The model, giving scores <c>[batch, classes]</c>; nothing of it changes.</param>
    /// <param name="images">The images <c>[batch, channels, height, width]</c>, float32, normalised. What comes in from
    /// outside is 0, the mean colour.</param>
    /// <param name="labels">Their classes <c>[batch]</c>, int64.</param>
    /// <param name="change">What to do to them.</param>
    /// <param name="amounts">By how much, each on its own: pixels, factors above 0, or degrees.</param>
    /// <param name="layers">Whose features; null for the first and the last layer with weights.</param>
    /// <exception cref="ArgumentException">Shapes that do not fit, a factor of 0 or below, or no such layer.</exception>
    public static InvarianceCurves Measure(
        nn.Module<Tensor, Tensor> model,
        Tensor images,
        Tensor labels,
        ImageTransform change,
        IReadOnlyList<double> amounts,
        IReadOnlyList<string>? layers = null
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(amounts);
        if (
            images.dim() != 4
            || labels.dim() != 1
            || labels.size(0) != images.size(0)
            || amounts.Any(amount => !double.IsFinite(amount) || (change == ImageTransform.Scale && amount <= 0))
        )
        {
            throw new ArgumentException(
                "Invariance needs images [batch, channels, height, width], a class for each, and finite amounts "
                    + $"(factors above 0), but got {Shape.Of(images)}, {Shape.Of(labels)} and "
                    + $"{string.Join(", ", amounts.Select(ColorBar.Text))}."
            );
        }

        string[] names = layers is not null ? [.. layers] : FirstAndLast(model);
        var distances = names.ToDictionary(name => name, _ => new List<double>(), StringComparer.Ordinal);
        var probabilities = new List<double>();
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var pass = new ModifiedBackpropagation(
            model,
            ReluRule.Gradient,
            names.Select(name => ProbedLayers.Find(model, name))
        );
        var device = ModelDevice.Of(model);
        var original = images.detach().to(device);
        var (clean, _) = Features(model, pass, names, original, labels.to(device));
        var kept = clean.Select(features => features.clone()).ToList();
        foreach (double amount in amounts)
        {
            using var step = NewDisposeScope();
            var (features, probability) = Features(model, pass, names, Changed(original, change, amount), labels.to(device));
            probabilities.Add(probability);
            for (int i = 0; i < names.Length; i++)
            {
                distances[names[i]]
                    .Add((features[i] - kept[i]).flatten(1).norm(1).mean().to_type(ScalarType.Float64).item<double>());
            }
        }

        return new InvarianceCurves
        {
            Change = change,
            Amounts = amounts,
            Distances = distances.ToDictionary(entry => entry.Key, entry => (IReadOnlyList<double>)entry.Value),
            Probabilities = probabilities,
        };
    }

    /// <summary>Draws the distances (each layer's largest as 1) and the probability.</summary>
    public Picture Chart() =>
        LineChart.Draw(
            [
                .. Distances.Select(entry => new LineSeries(
                    $"distance at {entry.Key}",
                    Amounts,
                    [.. entry.Value.Select(value => value / Math.Max(entry.Value.Max(), 1e-30))]
                )),
                new LineSeries("probability of the class", Amounts, Probabilities),
            ],
            new LineChartOptions
            {
                Title = $"Features and output when images are changed: {Change.ToString().ToLowerInvariant()}",
                XTitle = Change switch
                {
                    ImageTransform.Shift => "pixels to the right",
                    ImageTransform.Scale => "factor",
                    _ => "degrees",
                },
                YTitle = "share of the largest; probability",
            }
        );

    /// <summary>Writes all numbers as JSON, whole or not at all.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SaveJson(string path) =>
        AtomicFile.WriteAllText(path, JsonSerializer.Serialize(this, JsonFormat.Indented) + "\n");

    /// <summary>The images changed about their middle, with bilinear values between pixels and 0 outside.</summary>
    internal static Tensor Changed(Tensor images, ImageTransform change, double amount)
    {
        double angle = change == ImageTransform.Rotate ? amount * Math.PI / 180 : 0,
            factor = change == ImageTransform.Scale ? amount : 1,
            shift = change == ImageTransform.Shift ? 2 * amount / images.size(3) : 0;
        double ratio = (double)images.size(2) / images.size(3);
        // From the new image's coordinates, −1 to 1, to the old one's.
        float[] matrix =
        [
            (float)(Math.Cos(angle) / factor),
            (float)(-Math.Sin(angle) * ratio / factor),
            (float)-shift,
            (float)(Math.Sin(angle) / ratio / factor),
            (float)(Math.Cos(angle) / factor),
            0,
        ];
        var theta = tensor(matrix, device: images.device).reshape(1, 2, 3).expand(images.size(0), -1, -1);
        var grid = nn.functional.affine_grid(theta, images.shape, align_corners: false);
        return nn.functional.grid_sample(images, grid, align_corners: false);
    }

    private static (List<Tensor> Features, double Probability) Features(
        nn.Module<Tensor, Tensor> model,
        ModifiedBackpropagation pass,
        string[] names,
        Tensor images,
        Tensor labels
    )
    {
        var scores = pass.Forward(images).detach();
        double probability = scores.softmax(1).gather(1, labels.unsqueeze(1)).mean().to_type(ScalarType.Float64).item<double>();
        return ([.. names.Select(name => pass.OutputOf(ProbedLayers.Find(model, name)).detach())], probability);
    }

    private static string[] FirstAndLast(nn.Module<Tensor, Tensor> model)
    {
        var weighted = ProbedLayers
            .All(model)
            .Where(entry => entry.Module.parameters(recurse: false).Any())
            .Select(entry => entry.Name)
            .ToList();
        return weighted.Count > 0
            ? [.. new[] { weighted[0], weighted[^1] }.Distinct()]
            : throw new ArgumentException(
                $"The model {model.GetName()} has no layer with weights; name the layers.",
                nameof(model)
            );
    }
}
