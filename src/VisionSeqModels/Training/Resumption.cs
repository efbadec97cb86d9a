using System.Globalization;
using System.Text.Json.Nodes;
using VisionSeqModels.Core;
using VisionSeqModels.Data;
using VisionSeqModels.Runs;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Training;

/// <summary>A saved run that is about to be resumed, compared with how it is to be resumed.</summary>
internal sealed class Resumption : IDisposable
{
    private readonly ResumeRecord _record;

    /// <exception cref="InvalidDataException">No sound state.</exception>
    /// <exception cref="InvalidOperationException">Options or data that the state does not fit.</exception>
    public Resumption(string runDirectory, TrainerOptions options, IBatchSource train)
    {
        Loaded = new StateFile(runDirectory).Read();
        try
        {
            var state = Loaded.State;
            if (options.Seed is long seed && seed != state.Seed)
            {
                throw new InvalidOperationException(
                    $"The run in '{Path.GetFullPath(runDirectory)}' has the seed {state.Seed}, but the options ask "
                        + $"for {seed}. Leave Seed null to keep the run's own."
                );
            }

            var changes = OptionsJson
                .Differences(state.Options, OptionsJson.Of(options, train), state.StepInEpoch > 0 ? state.Epoch : null)
                .ToList();
            changes.AddRange(NewVersions(state.Versions));
            if (state.Threads != get_num_threads())
            {
                changes.Add(string.Create(CultureInfo.InvariantCulture, $"threads {state.Threads} became {get_num_threads()}"));
            }

            if (Loaded.Warning is string warning)
            {
                changes.Add($"the newest state was left out, and the one before it taken: {warning}");
            }

            _record = new ResumeRecord
            {
                Time = TimeProvider.System.GetLocalNow(),
                Epoch = state.Epoch,
                Step = state.Step,
                Changes = changes,
            };
        }
        catch
        {
            Loaded.Dispose();
            throw;
        }
    }

    public LoadedState Loaded { get; }

    /// <summary>What is of another version than in the saved run: this library, TorchSharp (and libtorch with it), .NET, the
    /// system, the processor.</summary>
    private static IEnumerable<string> NewVersions(JsonObject? saved)
    {
        var now = JsonFormat.Object(TorchRuntime.Describe());
        return now.Where(entry => saved?[entry.Key] is JsonNode before && !JsonNode.DeepEquals(before, entry.Value))
            .Select(entry => $"{entry.Key} {saved![entry.Key]} became {entry.Value}");
    }

    /// <summary>The record that the run had when its state was saved.</summary>
    public TrainingHistory History(string? runDirectory)
    {
        var history = new TrainingHistory
        {
            Seed = Loaded.State.Seed,
            StartedAt = Loaded.State.StartedAt,
            ThreadCount = get_num_threads(),
            RunDirectory = runDirectory,
        };
        foreach (var epoch in Loaded.State.Epochs)
        {
            history.Add(epoch);
        }

        foreach (var resume in Loaded.State.Resumes)
        {
            history.Add(resume);
        }

        history.Add(_record);
        return history;
    }

    /// <exception cref="InvalidOperationException">The data is not what the run was begun on.</exception>
    public void CheckData(IBatchSource train)
    {
        if (train.Name != Loaded.State.TrainSource || train.SampleCount != Loaded.State.TrainSamples)
        {
            throw new InvalidOperationException(
                $"The run was begun on {Loaded.State.TrainSamples} training samples of '{Loaded.State.TrainSource}', "
                    + $"but is resumed with {train.SampleCount} of "
                    + $"'{train.Name}'. Give the same data, or begin a new run."
            );
        }
    }

    public void Log(FitContext context)
    {
        LogMessages.Resumed(context.Logger, context.RunDirectory ?? "rank 0's run folder", context.Epoch, context.Step);
        foreach (string change in _record.Changes)
        {
            LogMessages.ResumedDifferently(context.Logger, change);
        }
    }

    public void Dispose() => Loaded.Dispose();
}
