using System.Globalization;
using VisionSeqModels.Core;
using VisionSeqModels.Drawing;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>How fast a class's probability falls when an image loses the pixels that a map ranks highest, and rises when a
/// blurred image gets them. Petsiuk, Das and Saenko, "RISE" (2018).</summary>
/// <remarks>A good map has a small area under the deletion curve and a large one under the insertion curve. Compare maps of
/// the same images and classes.</remarks>
public sealed record InsertionDeletion
{
    /// <summary>The name of the maps' method.</summary>
    public required string Method { get; init; }

    /// <summary>The class of each image; −1 for an objective.</summary>
    public required IReadOnlyList<long> Targets { get; init; }

    /// <summary>The fraction of pixels that were changed at each point of the curves, from 0 to 1.</summary>
    public required IReadOnlyList<double> Fractions { get; init; }

    /// <summary>For each image the probability at each of these points, when pixels are deleted.</summary>
    public required IReadOnlyList<double[]> Deletions { get; init; }

    /// <summary>For each image the probability at each of these points, when pixels are inserted.</summary>
    public required IReadOnlyList<double[]> Insertions { get; init; }

    /// <summary>For each image the area under its deletion curve, by the trapezoidal rule.</summary>
    public IReadOnlyList<double> DeletionAreas => [.. Deletions.Select(AreaOf)];

    /// <summary>For each image the area under its insertion curve.</summary>
    public IReadOnlyList<double> InsertionAreas => [.. Insertions.Select(AreaOf)];

    /// <summary>The mean deletion area: smaller is better.</summary>
    public double DeletionArea => DeletionAreas.Average();

    /// <summary>The mean insertion area: larger is better.</summary>
    public double InsertionArea => InsertionAreas.Average();

    /// <summary>Changes each image step by step in the order of its map.</summary>
    /// <param name="model">The model, as for <see cref="Attribution"/>; nothing of it changes.</param>
    /// <param name="images">The images <c>[batch, channels, height, width]</c>, normalised.</param>
    /// <param name="maps">A map for each image, of any method.</param>
    /// <param name="options">Steps, blur; null for the defaults.</param>
    /// <param name="cancellationToken">Checked between passes.</param>
    /// <exception cref="ArgumentException">The maps are not those of the images, or the model has no such class.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static InsertionDeletion Measure(
        nn.Module<Tensor, Tensor> model,
        Tensor images,
        IReadOnlyList<AttributionMap> maps,
        InsertionDeletionOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        options ??= new InsertionDeletionOptions();
        options.Validate();
        var explained = new ExplainedOutput(model, images, maps, options.Objective);
        var curves = maps.Select((map, i) => InsertionDeletionRun.Curves(explained, images, i, map, options, cancellationToken))
            .ToList();
        return new InsertionDeletion
        {
            Method = maps[0].Method,
            Targets = [.. maps.Select(map => map.Target)],
            Fractions = [.. Enumerable.Range(0, options.StepCount + 1).Select(step => (double)step / options.StepCount)],
            Deletions = [.. curves.Select(curve => curve.Deletion())],
            Insertions = [.. curves.Select(curve => curve.Insertion())],
        };
    }

    /// <summary>Draws the mean curves, with their areas.</summary>
    public Picture Draw()
    {
        LineSeries Mean(string name, IReadOnlyList<double[]> curves, double area) =>
            new()
            {
                Name = string.Create(CultureInfo.InvariantCulture, $"{name}, area {area:0.000}"),
                X = Fractions,
                Y = [.. Fractions.Select((_, point) => curves.Average(curve => curve[point]))],
            };
        return LineChart.Draw(
            [Mean("deletion", Deletions, DeletionArea), Mean("insertion", Insertions, InsertionArea)],
            new LineChartOptions
            {
                Title = string.Create(CultureInfo.InvariantCulture, $"{Method}: mean of {Targets.Count:n0} images"),
                XTitle = "fraction of pixels, the map's highest first",
                YTitle = Targets.Any(target => target < 0) ? "objective" : "probability of the class",
            }
        );
    }

    /// <summary>Writes all numbers as JSON, whole or not at all.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => ResultFile.Save(path, this, JsonFormat.Compact);

    private double AreaOf(double[] curve) =>
        Enumerable.Range(1, curve.Length - 1).Sum(i => (curve[i] + curve[i - 1]) / 2 * (Fractions[i] - Fractions[i - 1]));
}
