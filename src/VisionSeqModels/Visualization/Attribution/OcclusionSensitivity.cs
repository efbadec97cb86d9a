using VisionSeqModels.Core;
using VisionSeqModels.Drawing;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>What happens when a square that moves over an image hides a part of it. Zeiler and Fergus (2013), fig. 6 and
/// 7.</summary>
public sealed record OcclusionSensitivity
{
    private const int MapSide = 420;

    /// <summary>The class that was watched; −1 where it was an <see cref="OcclusionSensitivityOptions.Objective"/>.</summary>
    public required long Target { get; init; }

    /// <summary>The layer whose strongest map was watched.</summary>
    public required string Layer { get; init; }

    /// <summary>That map: the one with the strongest activation for the image as it is.</summary>
    public required int StrongestMap { get; init; }

    /// <summary>The side of the square in pixels.</summary>
    public int Size { get; init; } = 1;

    /// <summary>Pixels from one place of the square to the next.</summary>
    public int Stride { get; init; } = 1;

    /// <summary>The probability of the target for the image as it is, 0 to 1; or the objective.</summary>
    public required double Probability { get; init; }

    /// <summary>The target's probability, or the objective, with the square at each place, <c>[rows][columns]</c>.</summary>
    public required IReadOnlyList<double[]> Probabilities { get; init; }

    /// <summary>The sum of the strongest map's activations with the square at each place.</summary>
    public required IReadOnlyList<double[]> MapActivations { get; init; }

    /// <summary>The predicted class with the square at each place: of one column 1 for a yes; NaN where the outputs are no class
    /// scores.</summary>
    public required IReadOnlyList<double[]> Predictions { get; init; }

    /// <summary>For each pixel the mean fall of the target's score, or of the objective, over all squares that hide it,
    /// <c>[height][width]</c>; NaN where none does.</summary>
    public required IReadOnlyList<double[]> PixelImportance { get; init; }

    /// <summary>Moves the square over one image, cut off at the image's borders.</summary>
    /// <param name="model">The model, on any device; nothing of it changes.</param>
    /// <param name="image">The image <c>[1, channels, height, width]</c>, float32, normalised.</param>
    /// <param name="options">Which class, the square; null for the defaults.</param>
    /// <param name="cancellationToken">Checked between passes.</param>
    /// <exception cref="ArgumentException">More than one image, or no such layer or class.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static OcclusionSensitivity Measure(
        nn.Module<Tensor, Tensor> model,
        Tensor image,
        OcclusionSensitivityOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(image);
        options ??= new OcclusionSensitivityOptions();
        options.Validate();
        if (options.Objective is null)
        {
            ClassOutput.Require(model, nameof(OcclusionSensitivity));
        }

        if (image.dim() != 4 || image.size(0) != 1 || !image.is_floating_point())
        {
            throw new ShapeMismatchException(
                "Occlusion takes one image [1, channels, height, width] of a floating dtype, normalised as for training, but got "
                    + $"{image.dtype} {Shape.Of(image)}."
            );
        }

        using var scope = NewDisposeScope();
        return new OcclusionRun(model, image.detach().to(ModelDevice.Of(model)), options).Run(cancellationToken);
    }

    /// <summary>Draws the maps: probability or objective, the strongest map's activation, predicted class, importance of each
    /// pixel.</summary>
    /// <param name="image">The image to show beside each map; default none.</param>
    /// <param name="classNames">The classes' names, for the title; null for numbers.</param>
    public Picture Draw(ImageTile? image = null, IReadOnlyList<string>? classNames = null)
    {
        bool ofClass = Target >= 0;
        string name = !ofClass ? "the objective" : classNames?[(int)Target] ?? $"class {Target}";
        bool predicts = !double.IsNaN(Predictions[0][0]);
        HeatMapOptions ofSquares = OfPixels(Probabilities, image) with
        {
            RowTitle = $"top of the square of {Size} × {Size} (pixel)",
            ColumnTitle = "left of the square (pixel)",
            RowNumbers = (0, Stride),
            ColumnNumbers = (0, Stride),
        };
        return Picture.Tiled(
            [
                HeatMap.Draw(
                    Tables.OfRows(Probabilities),
                    ofSquares with
                    {
                        Title = ofClass ? $"probability of {name} with a square here" : $"{name} with a square here",
                        Scale = ofClass ? ValueScale.Fixed(0, 1) : null,
                        Map = ofClass ? ColorMap.Sequential : null,
                        Meaning = ofClass ? "probability" : "objective",
                    }
                ),
                HeatMap.Draw(
                    Tables.OfRows(MapActivations),
                    ofSquares with
                    {
                        Title = $"sum of map {StrongestMap} of {Layer}",
                        Meaning = "activation",
                    }
                ),
                .. predicts ? [Classes(ofSquares)] : Array.Empty<Picture>(),
                HeatMap.Draw(
                    Tables.OfRows(PixelImportance),
                    OfPixels(PixelImportance, image) with
                    {
                        Title = ofClass ? $"mean fall of {name}'s score" : $"mean fall of {name}",
                        RowTitle = "row (pixel)",
                        ColumnTitle = "column (pixel)",
                        Meaning = "fall",
                    }
                ),
            ],
            columns: 2
        );
    }

    /// <summary>Square cells, so that the map has the shape of the image.</summary>
    private static HeatMapOptions OfPixels(IReadOnlyList<double[]> values, ImageTile? image)
    {
        int cell = Math.Clamp(MapSide / Math.Max(values.Count, values[0].Length), 3, 48);
        return new HeatMapOptions
        {
            Image = image,
            CellWidth = cell,
            CellHeight = cell,
        };
    }

    private Picture Classes(HeatMapOptions options) =>
        HeatMap.Draw(
            Tables.OfRows(Predictions),
            options with
            {
                Title = "predicted class",
                Meaning = "class",
                CellText = Predictions[0].Length <= 20 ? (row, column) => $"{Predictions[row][column]:0}" : null,
            }
        );

    /// <summary>Writes all numbers as JSON, whole or not at all.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => ResultFile.Save(path, this, JsonFormat.Compact);
}
