using VisionSeqModels.Core;
using VisionSeqModels.Drawing;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>What happens when a square that moves over an image hides a part of it. Zeiler and Fergus (2013), fig. 6 and
/// 7.</summary>
public sealed record OcclusionSensitivity
{
    /// <summary>The class that was watched; −1 where it was an <see cref="OcclusionSensitivityOptions.Objective"/>.</summary>
    public required long Target { get; init; }

    /// <summary>The layer whose strongest map was watched.</summary>
    public required string Layer { get; init; }

    /// <summary>That map: the one with the strongest activation for the image as it is.</summary>
    public required int StrongestMap { get; init; }

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
        return Picture.Tiled(
            [
                HeatMap.Draw(
                    Tables.OfRows(Probabilities),
                    new HeatMapOptions
                    {
                        Title = ofClass ? $"probability of {name} with a square here" : $"{name} with a square here",
                        Image = image,
                        Scale = ofClass ? ValueScale.Fixed(0, 1) : null,
                        Map = ofClass ? ColorMap.Sequential : null,
                        Meaning = ofClass ? "probability" : "objective",
                    }
                ),
                HeatMap.Draw(
                    Tables.OfRows(MapActivations),
                    new HeatMapOptions
                    {
                        Title = $"sum of map {StrongestMap} of {Layer}",
                        Image = image,
                        Meaning = "activation",
                    }
                ),
                .. predicts ? [Classes(image)] : Array.Empty<Picture>(),
                HeatMap.Draw(
                    Tables.OfRows(PixelImportance),
                    new HeatMapOptions
                    {
                        Title = ofClass ? $"mean fall of {name}'s score" : $"mean fall of {name}",
                        Image = image,
                        Meaning = "fall",
                    }
                ),
            ],
            columns: 2
        );
    }

    private Picture Classes(ImageTile? image) =>
        HeatMap.Draw(
            Tables.OfRows(Predictions),
            new HeatMapOptions
            {
                Title = "predicted class",
                Image = image,
                Meaning = "class",
                CellText = Predictions[0].Length <= 20 ? (row, column) => $"{Predictions[row][column]:0}" : null,
            }
        );

    /// <summary>Writes all numbers as JSON, whole or not at all.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => ResultFile.Save(path, this, JsonFormat.Compact);
}
