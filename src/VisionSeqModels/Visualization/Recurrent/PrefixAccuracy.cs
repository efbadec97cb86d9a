using System.Text.Json;
using VisionSeqModels.Core;
using VisionSeqModels.Data;
using VisionSeqModels.Drawing;
using VisionSeqModels.Models;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>How right a recurrent classifier is when it has seen the first steps alone, for example the upper rows of an
/// image.</summary>
public sealed record PrefixAccuracy
{
    /// <summary>The name of the data.</summary>
    public required string Source { get; init; }

    /// <summary>How many samples it had.</summary>
    public required long SampleCount { get; init; }

    /// <summary>How many steps were seen.</summary>
    public required IReadOnlyList<int> Steps { get; init; }

    /// <summary>The accuracy with so many steps, 0 to 1.</summary>
    public required IReadOnlyList<double> Accuracies { get; init; }

    /// <summary>Measures over a data set; the model runs once for each number of steps.</summary>
    /// <param name="model">The model, on any device; it is run in evaluation mode, and given back as it was.</param>
    /// <param name="data">The data, with labels <c>[batch]</c>, int64.</param>
    /// <param name="steps">Which numbers of steps, each at least 1; null for all where there are up to 64, else 64 spread
    /// evenly.</param>
    /// <param name="cancellationToken">Looked at between batches.</param>
    /// <exception cref="ArgumentException">More steps than there are, or no sample.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static PrefixAccuracy Measure(
        RecurrentClassifier model,
        IBatchSource data,
        IReadOnlyList<int>? steps = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        using var modes = ModuleModes.Evaluating(model);
        using var inference = inference_mode();
        long samples = 0;
        long[] right = [];
        BatchLoop.ForEach(
            data,
            new BatchRequest { BatchSize = 512, Device = ModelDevice.Of(model) },
            batch =>
            {
                var sequence = model.Sequence(batch.Inputs);
                steps = Checked(steps, (int)sequence.size(1));
                long[] ofBatch = Right(model, sequence, batch.Targets, steps);
                right = samples == 0 ? ofBatch : [.. right.Zip(ofBatch, (sum, count) => sum + count)];
                samples += batch.Count;
            },
            cancellationToken
        );
        return samples > 0
            ? new PrefixAccuracy
            {
                Source = data.Name,
                SampleCount = samples,
                Steps = steps!,
                Accuracies = [.. right.Select(count => (double)count / samples)],
            }
            : throw new ArgumentException($"The data '{data.Name}' gave no batch, so there is nothing to measure.", nameof(data));
    }

    /// <summary>Draws the accuracies of several models over the number of steps.</summary>
    /// <param name="models">What was measured, by the models' names; at least one.</param>
    /// <param name="title">The line above; default a plain one.</param>
    public static Picture Chart(
        IReadOnlyDictionary<string, PrefixAccuracy> models,
        string title = "Accuracy when only the first steps are seen"
    )
    {
        ArgumentNullException.ThrowIfNull(models);
        return LineChart.Draw(
            [
                .. models.Select(model => new LineSeries
                {
                    Name = model.Key,
                    X = [.. model.Value.Steps.Select(step => (double)step)],
                    Y = model.Value.Accuracies,
                }),
            ],
            new LineChartOptions
            {
                Title = title,
                XTitle = "steps seen",
                YTitle = "accuracy",
            }
        );
    }

    /// <summary>Writes all numbers as JSON, whole or not at all.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SaveJson(string path) =>
        AtomicFile.WriteAllText(path, JsonSerializer.Serialize(this, JsonFormat.Indented) + "\n");

    private static long[] Right(RecurrentClassifier model, Tensor sequence, Tensor targets, IReadOnlyList<int> steps)
    {
        var counts = steps.Select(count => model.call(sequence.narrow(1, 0, count)).argmax(1).eq(targets).sum());
        return stack([.. counts]).cpu().data<long>().ToArray();
    }

    private static IReadOnlyList<int> Checked(IReadOnlyList<int>? steps, int available)
    {
        const int most = 64;
        steps ??=
            available <= most
                ? [.. Enumerable.Range(1, available)]
                : [.. Enumerable.Range(1, most).Select(i => (int)Math.Round((double)i * available / most)).Distinct()];
        return steps.Count > 0 && steps.All(count => count >= 1 && count <= available)
            ? steps
            : throw new ArgumentException(
                $"The numbers of steps must be from 1 to {available}, the length of the sequences, but are "
                    + $"{string.Join(", ", steps)}.",
                nameof(steps)
            );
    }
}
