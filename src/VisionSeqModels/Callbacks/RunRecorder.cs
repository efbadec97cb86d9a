using System.Text.Json.Nodes;
using VisionSeqModels.Core;
using VisionSeqModels.Data;
using VisionSeqModels.Runs;
using VisionSeqModels.Torch;
using VisionSeqModels.Training;

namespace VisionSeqModels;

/// <summary>Writes run.json: every option, the data, seed, device, versions, and how the run went and ended.</summary>
/// <remarks>It writes the whole file at the start (with <c>"status": "running"</c>), after each epoch and at the end.</remarks>
public sealed class RunRecorder : Callback
{
    private string? _path;

    /// <summary>The file; null (default) for <c>run.json</c> in the run directory, or in the current directory where there
    /// is none.</summary>
    public string? Path { get; init; }

    /// <summary>Further entries for the file's top level, for example a name or a command line; default none.</summary>
    public JsonObject? Extra { get; init; }

    /// <inheritdoc/>
    public override CallbackStage Stage => CallbackStage.Persist;

    /// <inheritdoc/>
    public override void OnFitStart(FitStartEvent e)
    {
        _path = e.Context.PathOf(Path, RunRecord.FileName);
        Write(e.Context, StopReason.Running);
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(EpochEndEvent e) => Write(e.Context, StopReason.Running);

    /// <inheritdoc/>
    public override void OnFitEnd(FitEndEvent e) => Write(e.Context, e.History.StopReason);

    private void Write(FitContext context, StopReason status)
    {
        if (_path is not null)
        {
            (RecordOf(context, status) with { Extra = Extra }).Write(_path);
        }
    }

    /// <summary>What is known of a run at the moment.</summary>
    internal static RunRecord RecordOf(FitContext context, StopReason status)
    {
        var described = ModelDescription.Of(context.Model, context.Train);
        return new RunRecord
        {
            Status = status,
            StopMessage = context.History.StopMessage,
            Started = context.History.StartedAt,
            Seconds = context.SecondsSoFar,
            Source = context.Train.Name,
            Data = Data(context, described),
            Model = new RunRecord.ModelPart
            {
                Name = context.Model.GetName(),
                Parameters = context.Model.parameters().Sum(parameter => parameter.numel()),
                Architecture = described.Architecture,
                Options = described.Options,
            },
            Trainer = OptionsJson.Of(context.Options, context.Train),
            Freezing = Freezing(context),
            Seed = context.History.Seed,
            Device = context.History.Device,
            Threads = context.History.ThreadCount,
            Versions = JsonFormat.Object(TorchRuntime.Describe()),
            Steps = context.Step,
            Best = Best(context),
            Epochs = context.History.Epochs,
            Resumes = context.History.Resumes,
            Warnings = context.History.Warnings.Count == 0 ? null : context.History.Warnings,
        };
    }

    private static List<RunRecord.FreezePart>? Freezing(FitContext context) =>
        context
            .Freezer.Phases?.Select(phase => new RunRecord.FreezePart
            {
                FromEpoch = phase.FromEpoch,
                Frozen = [.. context.Freezer.FrozenIn(phase)],
                LearningRates = phase.Rates,
            })
            .ToList();

    private static RunRecord.DataPart Data(FitContext context, ModelDescription described) =>
        new()
        {
            Source = context.Train.Name,
            TrainSamples = context.Train.SampleCount,
            ValidationSamples = context.Validation?.SampleCount,
            TestSamples = context.Test?.SampleCount,
            ImageShape = described.ImageShape,
            ClassNames = described.ClassNames,
            Normalization = described.Normalization,
            Preparation = described.Preparation,
            FeatureNames = described.FeatureNames,
            Features = described.Features,
            Targets = described.Targets,
            SkippedFiles = Skipped(context) is > 0 and int count ? count : null,
        };

    private static int Skipped(FitContext context) =>
        new[] { context.Train, context.Validation, context.Test }
            .OfType<IImageSource>()
            .SelectMany(part => part.SkippedFiles)
            .Distinct() // training and validation may be parts of one source
            .Count();

    private static Dictionary<string, RunRecord.BestPart> Best(FitContext context)
    {
        var best = new Dictionary<string, RunRecord.BestPart>(StringComparer.Ordinal);
        foreach (string metric in context.MetricNames)
        {
            if (context.History.Best(metric, context.HigherIsBetter(metric)) is EpochRecord epoch)
            {
                best[metric] = new RunRecord.BestPart { Value = epoch[metric]!.Value, Epoch = epoch.Epoch };
            }
        }

        return best;
    }
}
