using VisionSeqModels.Core;
using VisionSeqModels.Data;
using VisionSeqModels.Drawing;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>The accuracy of a recurrent classifier that sees the first steps alone, for example the upper rows of an
/// image.</summary>
/// <remarks>It holds plain numbers: there is nothing to dispose. Of a sequence that is shorter than a number of steps the model
/// sees all.</remarks>
public sealed record PrefixAccuracy
{
    private const string DefaultTitle = "Accuracy when only the first steps are seen";

    /// <summary>The name of the data.</summary>
    public required string Source { get; init; }

    /// <summary>How many samples the data has.</summary>
    public required long SampleCount { get; init; }

    /// <summary>The numbers of steps that the model saw.</summary>
    public required IReadOnlyList<int> Steps { get; init; }

    /// <summary>The accuracy for each number of steps, 0 to 1.</summary>
    public required IReadOnlyList<double> Accuracies { get; init; }

    /// <summary>Measures over a data set; the model runs once for each number of steps.</summary>
    /// <param name="model">The model; it runs on its own device, in evaluation mode. Modes are restored afterwards.</param>
    /// <param name="data">The data, with labels <c>[batch]</c>, int64.</param>
    /// <param name="options">Which numbers of steps; null for the defaults.</param>
    /// <param name="cancellationToken">Checked between batches.</param>
    /// <exception cref="InvalidOptionsException">Options out of range.</exception>
    /// <exception cref="ArgumentException">A number of steps beyond the sequences' length, or data without a
    /// sample.</exception>
    /// <exception cref="ShapeMismatchException">The data does not fit the model.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static PrefixAccuracy Measure<TModel>(
        TModel model,
        IBatchSource data,
        PrefixAccuracyOptions? options = null,
        CancellationToken cancellationToken = default
    )
        where TModel : nn.Module<Tensor, Tensor>, IRecurrentModel
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        options ??= new PrefixAccuracyOptions();
        options.Validate();
        ClassOutput.Require(model, nameof(PrefixAccuracy));
        using var modes = ModuleModes.Evaluating(model);
        using var normal = inference_mode(false); // modules may keep tensors, which a later training uses
        using var noGradients = no_grad();
        long samples = 0;
        var steps = options.Steps;
        long[] correct = [];
        var request = new BatchRequest { BatchSize = options.BatchSize, Device = ModelDevice.Of(model) };
        BatchLoop.ForEach(
            data,
            request,
            batch =>
            {
                var sequence = model.ToSequence(batch.Inputs);
                steps =
                    batch.Lengths is null ? Checked(steps, (int)sequence.size(1))
                    : samples == 0 ? Checked(steps, LongestOf(data, request, model, cancellationToken))
                    : steps!;
                long[] inBatch = CorrectCounts(model, sequence, batch, steps);
                correct = samples == 0 ? inBatch : [.. correct.Zip(inBatch, (sum, count) => sum + count)];
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
                Accuracies = [.. correct.Select(count => (double)count / samples)],
            }
            : throw new ArgumentException($"The data '{data.Name}' gave no batch, so there is nothing to measure.", nameof(data));
    }

    /// <summary>Draws the accuracies of several models over the number of steps.</summary>
    /// <param name="models">What was measured, by the models' names; at least one.</param>
    /// <param name="title">The title; null for a plain one.</param>
    public static Picture Draw(IReadOnlyDictionary<string, PrefixAccuracy> models, string? title = null)
    {
        ArgumentNullException.ThrowIfNull(models);
        return LineChart.Draw(
            [.. models.Select(model => model.Value.Series(model.Key))],
            new LineChartOptions
            {
                Title = title ?? DefaultTitle,
                XTitle = "steps seen",
                YTitle = "accuracy",
            }
        );
    }

    /// <summary>Draws the accuracy over the number of steps.</summary>
    /// <param name="title">The title; null for a plain one.</param>
    public Picture Draw(string? title = null) => Draw(new Dictionary<string, PrefixAccuracy> { [Source] = this }, title);

    /// <summary>Writes all numbers as JSON, whole or not at all.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => ResultFile.Save(path, this, JsonFormat.Indented);

    private LineSeries Series(string name) =>
        new()
        {
            Name = name,
            X = [.. Steps.Select(step => (double)step)],
            Y = Accuracies,
        };

    private static long[] CorrectCounts(IRecurrentModel model, Tensor sequence, Batch batch, IReadOnlyList<int> steps)
    {
        Tensor[] scores = [.. steps.Select(count => Prefix(model, sequence, batch.Lengths, count))];
        TargetValues.CheckLabels(nameof(PrefixAccuracy), batch.Targets.cpu(), scores[0].size(1), ignoreIndex: null);
        return stack([.. scores.Select(each => each.argmax(1).eq(batch.Targets).sum())]).cpu().data<long>().ToArray();
    }

    /// <summary>The scores where the first steps alone are seen; of a shorter sequence all of it.</summary>
    private static Tensor Prefix(IRecurrentModel model, Tensor sequence, Tensor? lengths, int count)
    {
        long seen = lengths is null ? count : Math.Min(count, sequence.size(1));
        var prefix = sequence.narrow(1, 0, seen);
        return lengths is null ? model.Classify(prefix) : model.Classify(prefix, lengths.clamp(max: Scalars.Of(seen)));
    }

    private static int LongestOf(
        IBatchSource data,
        BatchRequest request,
        IRecurrentModel model,
        CancellationToken cancellationToken
    )
    {
        int longest = 0;
        BatchLoop.ForEach(
            data,
            request,
            batch => longest = Math.Max(longest, (int)model.ToSequence(batch.Inputs).size(1)),
            cancellationToken
        );
        return longest;
    }

    private static IReadOnlyList<int> Checked(IReadOnlyList<int>? steps, int available)
    {
        const int maximum = 64;
        steps ??=
            available <= maximum
                ? [.. Enumerable.Range(1, available)]
                : [.. Enumerable.Range(1, maximum).Select(i => (int)Math.Round((double)i * available / maximum)).Distinct()];
        return steps.All(count => count >= 1 && count <= available)
            ? steps
            : throw new ArgumentException(
                $"PrefixAccuracyOptions.Steps must be from 1 to {available}, the length of the sequences, but are "
                    + $"{string.Join(", ", steps)}."
            );
    }
}
