using System.Globalization;
using System.Text.Json.Serialization;
using VisionSeqModels.Core;
using VisionSeqModels.Drawing;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>How much each input value of one image matters to one class score. It holds plain numbers: there is nothing to
/// dispose.</summary>
public sealed record AttributionMap
{
    /// <summary>The name of the method, for captions.</summary>
    public required string Method { get; init; }

    /// <summary>The class that was explained; −1 where it was an <see cref="AttributionOptions.Objective"/>.</summary>
    public required long Target { get; init; }

    /// <summary>The model's score (before softmax) for that class, or the objective.</summary>
    public required double Score { get; init; }

    /// <summary>The sizes of <see cref="Values"/>: channels, height, width. A class activation map has one channel.</summary>
    public required IReadOnlyList<int> Shape { get; init; }

    /// <summary>The numbers as they were computed, unscaled, in the order of <see cref="Shape"/>.</summary>
    public required IReadOnlyList<float> Values { get; init; }

    /// <summary>Why the map may mislead, in a sentence; null where nothing was noticed.</summary>
    public string? Warning { get; init; }

    /// <summary>The sum of all values, less what it should be: for integrated gradients, GradientSHAP and DeepLIFT the score's
    /// rise over the baseline's, for LRP the score. It should be near 0. Null for other methods.</summary>
    [JsonPropertyName("completeness_gap")]
    public double? ConvergenceDelta { get; init; }

    /// <summary>What the values should sum to: for integrated gradients, GradientSHAP and DeepLIFT the score's rise over the
    /// baseline's, for LRP the score. <see cref="ConvergenceDelta"/> is a part of it. Null for other methods.</summary>
    [JsonIgnore]
    public double? AttributedTotal => Values.Sum(value => (double)value) - ConvergenceDelta;

    /// <summary>For LRP the relevance that its rules keep from the pixels: what <see cref="LrpOptions.Epsilon"/> takes, and that
    /// of outputs to which no input adds anything. With it the values sum to the score where every module has a rule. Null for
    /// other methods.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? AbsorbedRelevance { get; init; }

    /// <summary>The value at a place.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="y">The row.</param>
    /// <param name="x">The column.</param>
    public double this[int channel, int y, int x] => Values[(((channel * Shape[1]) + y) * Shape[2]) + x];

    /// <summary>One number a pixel: of the channel whose magnitude is the largest, the magnitude. Simonyan, Vedaldi and
    /// Zisserman (2013).</summary>
    public double[,] MaximumMagnitude() => Reduce(values => values.Max(Math.Abs));

    /// <summary>One number a pixel: the sum over channels, with its sign.</summary>
    public double[,] Sum() => Reduce(values => values.Sum());

    /// <summary>The map as a tile: magnitudes from dark to light, or, where the sum over channels has negative values and
    /// <paramref name="withSigns"/> is true, blue and orange about white.</summary>
    /// <param name="withSigns">Whether signs matter; default false.</param>
    /// <param name="scale">Which values become the ends of the colours; null for a scale cut off at 98 % of the sum.</param>
    /// <param name="caption">The caption; null for the method's name.</param>
    public ImageTile ToTile(bool withSigns = false, ValueScale? scale = null, string? caption = null)
    {
        var values = withSigns ? Sum() : MaximumMagnitude();
        scale ??= ValueScale.Percentile(values.Cast<double>());
        return ImageTile.OfMap(values, scale, scale.Minimum < 0 ? ColorMap.Diverging : ColorMap.Sequential, caption ?? Method);
    }

    /// <summary>The map in colour, each channel about mid grey: how projections of the Deconvnet are usually shown. Only
    /// for maps of three channels.</summary>
    /// <param name="caption">The caption; null for the method's name.</param>
    public ImageTile ToColorTile(string? caption = null)
    {
        var colors = new double[Shape[0], Shape[1], Shape[2]];
        for (int i = 0; i < Values.Count; i++)
        {
            colors[i / (Shape[1] * Shape[2]), i / Shape[2] % Shape[1], i % Shape[2]] = Values[i];
        }

        return ImageTile.OfColors(colors, ValueScale.Symmetric(Values.Select(value => (double)value)), caption ?? Method);
    }

    /// <summary>Draws the map as a heat map with its scale: magnitudes from dark to light, or sums over channels with their
    /// signs, blue and orange about white.</summary>
    /// <param name="withSigns">Whether signs matter; default false.</param>
    /// <param name="image">The image to show beside the map; default none.</param>
    public Picture Draw(bool withSigns = false, ImageTile? image = null)
    {
        var values = withSigns ? Sum() : MaximumMagnitude();
        var scale = ValueScale.Percentile(values.Cast<double>());
        return HeatMap.Draw(
            values,
            new HeatMapOptions
            {
                Title = string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Method}: {AttributionBatches.NameOf(Target)}, score {Score:0.###}"
                ),
                Meaning = withSigns ? "sum over channels" : "magnitude",
                Scale = scale,
                Map = scale.Minimum < 0 ? ColorMap.Diverging : ColorMap.Sequential,
                Image = image,
                Notes = Gap is string gap ? [gap] : [],
            }
        );
    }

    /// <summary>What the values sum to and what they should, for methods that promise it.</summary>
    private string? Gap =>
        ConvergenceDelta is not double gap
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"The values sum to {AttributedTotal + gap:0.####}; {AttributedTotal:0.####} would be exact (gap {gap:0.0000})."
            );

    /// <summary>Writes all numbers as JSON, whole or not at all.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => ResultFile.Save(path, this, JsonFormat.Compact);

    /// <summary>A map for each image of a batch.</summary>
    internal static IEnumerable<AttributionMap> Of(string method, Tensor values, long[] targets, double[] scores)
    {
        var (shape, samples) = TensorNumbers.BySample(values);
        return targets
            .Select(
                (target, i) =>
                    new AttributionMap
                    {
                        Method = method,
                        Target = target,
                        Score = scores[i],
                        Shape = shape,
                        Values = samples[i],
                        Warning = NaNs(samples[i]),
                    }
            )
            .ToList();
    }

    private static string? NaNs(float[] values)
    {
        int count = values.Count(float.IsNaN);
        return count == 0
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"{count:n0} of {values.Length:n0} values of the map are NaN.");
    }

    private double[,] Reduce(Func<IEnumerable<double>, double> reduce) =>
        Tables.Fill(Shape[1], Shape[2], (y, x) => reduce(Enumerable.Range(0, Shape[0]).Select(channel => this[channel, y, x])));
}
