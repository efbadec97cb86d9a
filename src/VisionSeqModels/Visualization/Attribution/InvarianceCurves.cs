using System.Text.Json.Serialization;
using VisionSeqModels.Core;
using VisionSeqModels.Data;
using VisionSeqModels.Drawing;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>How far a model's features move when images are shifted, scaled or turned. Zeiler and Fergus (2013),
/// fig. 5.</summary>
public sealed record InvarianceCurves
{
    /// <summary>The name of the data.</summary>
    public required string Source { get; init; }

    /// <summary>How many images it had.</summary>
    public required long SampleCount { get; init; }

    /// <summary>What was done to the images.</summary>
    [JsonPropertyName("change")]
    public required ImageTransform Transform { get; init; }

    /// <summary>By how much: pixels to the right, factors, or degrees.</summary>
    public required IReadOnlyList<double> Amounts { get; init; }

    /// <summary>For each layer and amount the mean over images of the Euclidean distance between the features of the
    /// transformed and of the original image.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<double>> Distances { get; init; }

    /// <summary>The mean probability of the true class at each amount.</summary>
    public required IReadOnlyList<double> Probabilities { get; init; }

    /// <summary>Runs a data set through a model, once as it is and once for each amount. Memory does not grow with the
    /// data.</summary>
    /// <param name="model">The model, on any device, giving scores <c>[batch, classes]</c>; nothing of it changes.</param>
    /// <param name="data">Images <c>[batch, channels, height, width]</c>, float32, normalised, and their labels
    /// <c>[batch]</c>, int64. What enters an image from outside is 0, the mean colour.</param>
    /// <param name="options">What to do to the images, by how much; null for shifts.</param>
    /// <param name="cancellationToken">Checked between passes.</param>
    /// <exception cref="ArgumentException">No such layer, or the data gave no batch.</exception>
    /// <exception cref="ShapeMismatchException">The data holds no images, or not one label for each.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static InvarianceCurves Measure(
        nn.Module<Tensor, Tensor> model,
        IBatchSource data,
        InvarianceCurvesOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        options ??= new InvarianceCurvesOptions();
        options.Validate();
        string[] names = [];
        InvarianceTotals? totals = null;
        long samples = ViewPass.ForEach(
            model,
            data,
            options,
            (batch, _) =>
            {
                InvarianceTotals.Check(batch.Inputs, batch.Targets);
                if (totals is null)
                {
                    using var trace = ForwardTrace.OfOutputs(model, batch.Inputs.narrow(0, 0, 1));
                    names = options.Layers is null
                        ? FirstAndLast(trace)
                        : [.. options.Layers.Select(name => trace.Find(name).Name).Distinct()];
                    totals = new InvarianceTotals(model, options, names);
                }

                totals.Add(batch.Inputs, batch.Targets, cancellationToken);
            },
            cancellationToken
        );
        return new InvarianceCurves
        {
            Source = data.Name,
            SampleCount = samples,
            Transform = options.Transform,
            Amounts = options.ChosenAmounts,
            Distances = names
                .Zip(totals!.Distances)
                .ToDictionary(
                    entry => entry.First,
                    entry => (IReadOnlyList<double>)[.. entry.Second.Select(sum => sum / samples)],
                    StringComparer.Ordinal
                ),
            Probabilities = [.. totals.Probabilities.Select(sum => sum / samples)],
        };
    }

    /// <summary>Draws the distances (each layer's largest as 1) and the probability.</summary>
    public Picture Draw() =>
        LineChart.Draw(
            [
                .. Distances.Select(entry => new LineSeries
                {
                    Name = $"distance at {entry.Key}",
                    X = Amounts,
                    Y = [.. entry.Value.Select(value => value / Math.Max(entry.Value.Max(), 1e-30))],
                }),
                new LineSeries
                {
                    Name = "probability of the class",
                    X = Amounts,
                    Y = Probabilities,
                },
            ],
            new LineChartOptions
            {
                Title = $"Features and output when images are transformed: {Transform.ToString().ToLowerInvariant()}",
                XTitle = Transform switch
                {
                    ImageTransform.Shift => "pixels to the right",
                    ImageTransform.Scale => "factor",
                    _ => "degrees",
                },
                YTitle = "fraction of the largest; probability",
            }
        );

    /// <summary>Writes all numbers as JSON, whole or not at all.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => ResultFile.Save(path, this, JsonFormat.Indented);

    private static string[] FirstAndLast(ForwardTrace trace)
    {
        var weighted = trace.Calls.Where(call => call.Module.parameters(recurse: false).Any()).Select(call => call.Name).ToList();
        return weighted.Count > 0
            ? [.. new[] { weighted[0], weighted[^1] }.Distinct()]
            : throw new ArgumentException($"The model {trace.ModelName} ran no layer with weights; name the layers.");
    }
}
