using System.Text.Json.Nodes;
using VisionSeqModels.Torch;
using VisionSeqModels.Training;

namespace VisionSeqModels.Studies;

/// <summary>Builds a study's trials by the user's function, and sees to it that no two share what they must not. Several threads
/// may use it.</summary>
internal sealed class TrialFactory<TSetting>(
    Func<TSetting, long, StudyTrial> make,
    FitData data,
    StudyFolds? folds,
    StudyOptions options
)
{
    private readonly FoldData _data = new(data, folds);
    private readonly TrialObjects _objects = new();
    private readonly BuiltTrials _built = new();

    /// <summary>The data of a trial.</summary>
    public FitData DataOf(TrialKey key) => _data.Of(key);

    /// <summary>A hash of the folds of a seed, or null without folds.</summary>
    public string? DivisionOf(long seed) => _data.HashOf(seed);

    /// <summary>The trial, which is the caller's to dispose.</summary>
    public StudyTrial Take(StudySetting<TSetting> setting, TrialKey key) => _built.Take(key, () => Make(setting, key));

    /// <summary>Takes note that a trial reads its data.</summary>
    public void Read(TrialKey key, FitData part, int batchSize) => _objects.Read(key, part, batchSize);

    /// <summary>Disposes what was built and not taken.</summary>
    public void Discard() => _built.Discard();

    /// <summary>What the user's function builds for a trial, which no other trial has a part of.</summary>
    private StudyTrial Make(StudySetting<TSetting> setting, TrialKey key)
    {
        StudyTrial trial;
        try
        {
            trial = GlobalGenerator.WithSeed(key.Seed, () => make(setting.Value, key.Seed));
        }
        catch (Exception e) when (_objects.IsOfDisposed(e))
        {
            throw new SharedTrialObjectException(
                $"The function of the study threw for the trial '{key}': {e.Message} It used what has been disposed, as all that "
                    + "a model holds is when its trial ends. Build each trial's model whole within the function."
            );
        }

        _objects.Claim(trial, key); // before anything disposes a model that another trial trains
        return trial;
    }

    /// <summary>The trial's options with what the study sets.</summary>
    public TrainerOptions OptionsOf(StudyTrial trial, long seed) =>
        trial.Options with
        {
            Seed = seed,
            Epochs = options.Halving?.MaximumEpochs ?? trial.Options.Epochs,
        };

    /// <summary>What a trial is built with now, without running it.</summary>
    public JsonObject Setup(StudySetting<TSetting> setting, StudyFile.Entry entry)
    {
        var trial = Make(setting, entry.Key);
        using var model = trial.Model;
        return TrialSetup.Of(entry, trial, OptionsOf(trial, entry.Seed), _data.Of(entry.Key));
    }

    /// <summary>What the trials measure, as the first says that can be built; null where none can.</summary>
    public MetricCatalog? Metrics(IEnumerable<(StudySetting<TSetting> Setting, TrialKey Key)> trials) =>
        trials
            .Select(one =>
                _built.Build(one.Key, () => Make(one.Setting, one.Key)) is StudyTrial trial ? MetricsOf(trial, one.Key) : null
            )
            .FirstOrDefault(metrics => metrics is not null);

    public MetricCatalog MetricsOf(StudyTrial trial, TrialKey key) =>
        FitMetrics.Of(trial.Options.For(trial.Model), _data.Of(key), trial.Callbacks);
}
