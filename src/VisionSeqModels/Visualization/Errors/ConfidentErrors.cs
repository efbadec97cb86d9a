using System.Globalization;
using System.Text.Json.Serialization;
using VisionSeqModels.Core;
using VisionSeqModels.Data;
using VisionSeqModels.Drawing;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>The errors that a classifier is most confident of: often mislabelled or odd samples, or what the model has not
/// understood.</summary>
public sealed record ConfidentErrors
{
    /// <summary>The name of the data.</summary>
    public required string Source { get; init; }

    /// <summary>How many samples it had.</summary>
    public required long SampleCount { get; init; }

    /// <summary>How many of them the model got wrong.</summary>
    [JsonPropertyName("mistake_count")]
    public required long ErrorCount { get; init; }

    /// <summary>The most confident errors, the highest probability first; of equal ones the first in the data.</summary>
    [JsonPropertyName("mistakes")]
    public required IReadOnlyList<ClassificationError> Errors { get; init; }

    /// <summary>Runs a data set through a model, once, and keeps the most confident errors; memory does not grow with the
    /// data.</summary>
    /// <param name="model">The model, on any device, giving scores <c>[batch, classes]</c>; it runs in evaluation mode, and
    /// is afterwards as before.</param>
    /// <param name="data">The data, with labels <c>[batch]</c>, int64.</param>
    /// <param name="options">How many to keep, batch size; null for the defaults.</param>
    /// <param name="cancellationToken">Checked between batches.</param>
    /// <exception cref="ArgumentException">The data gave no batch, or scores or labels do not have the shapes
    /// described.</exception>
    /// <exception cref="InvalidOperationException">A score is NaN, so the model predicts no class.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static ConfidentErrors Measure(
        nn.Module<Tensor, Tensor> model,
        IBatchSource data,
        ConfidentErrorsOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        options ??= new ConfidentErrorsOptions();
        options.Validate();
        ClassOutput.Require(model, nameof(ConfidentErrors));
        using var scope = NewDisposeScope();
        var search = new ErrorSearch(data.Name);
        long samples = ViewPass.Scores(model, data, options, search.See, cancellationToken);
        return search.Found(samples, options.MaximumCount);
    }

    /// <summary>Draws the errors as images, each with its true class, its predicted class, and the probability.</summary>
    /// <param name="data">The images they were found in.</param>
    /// <exception cref="InvalidOperationException">There is no error to draw.</exception>
    public Picture Draw(IImageSource data)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (Errors.Count == 0)
        {
            throw new InvalidOperationException("There is no error to draw: the model classified every sample correctly.");
        }

        return ImageGrid.Draw(
            [.. Errors.Select(error => ImageTile.Of(data, error.Index, Caption(error, data.ClassNames)))],
            new ImageGridOptions
            {
                Title = string.Create(
                    CultureInfo.InvariantCulture,
                    $"Most confident errors: {Errors.Count:n0} of {ErrorCount:n0} among {SampleCount:n0} images of {Source}"
                ),
            }
        );
    }

    /// <summary>Writes the numbers as JSON, whole or not at all.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => ResultFile.Save(path, this, JsonFormat.Indented);

    private static string Caption(ClassificationError error, IReadOnlyList<string> classNames) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Name(classNames, error.Actual)}, seen as\n{Name(classNames, error.Predicted)} ({100 * error.Probability:0.0} %)"
        );

    private static string Name(IReadOnlyList<string> classNames, int label) =>
        label >= 0 && label < classNames.Count
            ? classNames[label]
            : string.Create(CultureInfo.InvariantCulture, $"class {label}");
}
