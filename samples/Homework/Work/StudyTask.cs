using VisionSeqModels;
using VisionSeqModels.Samples;
using VisionSeqModels.Studies;

/// <summary>One study of the homework: its folder, and the settings that it is to have.</summary>
/// <param name="Name">The name of its folder.</param>
/// <param name="Subject">What is trained.</param>
/// <param name="Asks">What the study asks about it.</param>
/// <param name="Plan">Its settings.</param>
/// <param name="Epochs">How long each trial trains.</param>
/// <param name="Data">The images.</param>
internal sealed record StudyTask(
    string Name,
    string Subject,
    string Asks,
    StudyPlan<Setting> Plan,
    int Epochs,
    Func<HomeworkData, ImageDatasets> Data
)
{
    /// <summary>How many points the loss within an epoch has.</summary>
    private const int LogsAnEpoch = 50;

    /// <summary>The same study with some of its settings: the first, which others are compared with, and those named.</summary>
    public StudyTask With(IEnumerable<string> settings)
    {
        string first = Plan.Settings[0].Name;
        return this with { Plan = Plan.Where(setting => setting.Name == first || settings.Contains(setting.Name)) };
    }

    /// <summary>Runs what is not done yet, and writes the study's own report.</summary>
    public Study Run(SampleRun run, HomeworkData data, StudyOptions options)
    {
        var images = Data(data);
        var study = Study.Run(
            run.In(Name),
            Plan,
            (setting, seed) => setting.Trial(images, seed, Training(run, images, setting)),
            new FitData { Train = images.Train, Test = images.Test },
            options with
            {
                Question = $"{Subject} on {images.Name}: {Asks}",
            },
            run.Logger,
            run.CancellationToken
        );
        study.WriteReport();
        return study;
    }

    private TrainerOptions Training(SampleRun run, ImageDatasets images, Setting setting) =>
        new()
        {
            Epochs = Epochs,
            Device = run.Arguments.Device,
            LogEverySteps = Math.Max(1, images.Train.Count / setting.BatchSize / LogsAnEpoch),
        };
}
