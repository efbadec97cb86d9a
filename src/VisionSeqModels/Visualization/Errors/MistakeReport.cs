using System.Globalization;
using System.Text.Json;
using VisionSeqModels.Core;
using VisionSeqModels.Data;
using VisionSeqModels.Drawing;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>The mistakes that a classifier is surest of: often mislabelled or odd samples, or what it has not
/// understood.</summary>
public sealed record MistakeReport
{
    /// <summary>The name of the data.</summary>
    public required string Source { get; init; }

    /// <summary>How many samples it had.</summary>
    public required long SampleCount { get; init; }

    /// <summary>How many of them the model got wrong.</summary>
    public required long MistakeCount { get; init; }

    /// <summary>The surest ones, the surest first; of equal ones the first in the data.</summary>
    public required IReadOnlyList<Mistake> Mistakes { get; init; }

    /// <summary>Runs a data set through a model, once, and keeps the surest mistakes; memory does not grow with the
    /// data.</summary>
    /// <param name="model">The model, on any device, giving scores <c>[batch, classes]</c>; it is run in evaluation mode,
    /// and given back as it was.</param>
    /// <param name="data">The data, with labels <c>[batch]</c>, int64.</param>
    /// <param name="count">How many to keep at most; default 25, at least 1.</param>
    /// <param name="cancellationToken">Looked at between batches.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static MistakeReport Find(
        nn.Module<Tensor, Tensor> model,
        IBatchSource data,
        int count = 25,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        using var modes = ModuleModes.Evaluating(model);
        using var inference = inference_mode();
        long samples = 0,
            wrong = 0;
        List<Mistake> kept = [];
        var request = new BatchRequest { BatchSize = 512, Device = ModelDevice.Of(model) };
        BatchLoop.ForEach(
            data,
            request,
            batch =>
            {
                var found = OfBatch(model.call(batch.Inputs), batch.Targets, samples);
                wrong += found.Count;
                samples += batch.Count;
                kept =
                [
                    .. kept.Concat(found)
                        .OrderByDescending(mistake => mistake.Probability)
                        .ThenBy(mistake => mistake.Index)
                        .Take(count),
                ];
            },
            cancellationToken
        );
        return new MistakeReport
        {
            Source = data.Name,
            SampleCount = samples,
            MistakeCount = wrong,
            Mistakes = kept,
        };
    }

    /// <summary>Draws the mistakes as images, with what each is, what it was taken for, and how surely.</summary>
    /// <param name="data">The data set they were found in.</param>
    /// <exception cref="InvalidOperationException">There is no mistake to draw.</exception>
    public Picture Draw(ImageDataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (Mistakes.Count == 0)
        {
            throw new InvalidOperationException("There is no mistake to draw.");
        }

        return ImageGrid.Draw(
            [.. Mistakes.Select(mistake => ImageTile.Of(data, mistake.Index, Words(mistake, data)))],
            new ImageGridOptions
            {
                Title = string.Create(
                    CultureInfo.InvariantCulture,
                    $"Surest mistakes: {Mistakes.Count} of {MistakeCount} among {SampleCount:n0} images of {Source}"
                ),
            }
        );
    }

    /// <summary>Writes the report as JSON, whole or not at all.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SaveJson(string path) =>
        AtomicFile.WriteAllText(path, JsonSerializer.Serialize(this, JsonFormat.Indented) + "\n");

    private static string Words(Mistake mistake, ImageDataset data) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{data.ClassNames[mistake.Actual]}, seen as\n{data.ClassNames[mistake.Predicted]} "
                + $"({100 * mistake.Probability:0.0} %)"
        );

    private static List<Mistake> OfBatch(Tensor scores, Tensor targets, long before)
    {
        var (probabilities, predicted) = scores.softmax(1).max(1);
        long[] classes = predicted.cpu().data<long>().ToArray(),
            actual = targets.cpu().data<long>().ToArray();
        float[] sure = probabilities.to_type(ScalarType.Float32).cpu().data<float>().ToArray();
        return
        [
            .. Enumerable
                .Range(0, actual.Length)
                .Where(i => classes[i] != actual[i])
                .Select(i => new Mistake
                {
                    Index = before + i,
                    Actual = (int)actual[i],
                    Predicted = (int)classes[i],
                    Probability = sure[i],
                }),
        ];
    }
}
