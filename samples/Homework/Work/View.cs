using VisionSeqModels;
using VisionSeqModels.Samples;
using static TorchSharp.torch;

/// <summary>Measures and pictures of one trained model, in a folder of their own under views/.</summary>
/// <param name="Name">The name of that folder.</param>
/// <param name="Study">The study that trained the model.</param>
/// <param name="Setting">The setting.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Data">The images that it was trained on.</param>
/// <param name="Draw">Writes the files into a folder.</param>
internal sealed record View(
    string Name,
    string Study,
    string Setting,
    long Seed,
    Func<HomeworkData, ImageDatasets> Data,
    Action<ViewContext> Draw
)
{
    public const string Folder = "views";

    /// <summary>Draws it unless it is there. The folder is whole or absent.</summary>
    /// <returns>Whether it was drawn now.</returns>
    public bool Run(SampleRun run, HomeworkData data)
    {
        string folder = run.In(Path.Combine(Folder, Name)),
            unfinished = folder + ".unfinished";
        if (Directory.Exists(folder))
        {
            return false;
        }

        if (Directory.Exists(unfinished))
        {
            Directory.Delete(unfinished, recursive: true);
        }

        Directory.CreateDirectory(unfinished);
        using var model = ModelFile.Load(Path.Combine(run.In(Study), TrialIn(run), "checkpoints", "last.safetensors"));
        using (NewDisposeScope())
        {
            Draw(new ViewContext(model.Model, Data(data), Seed, unfinished, run.CancellationToken));
        }

        Directory.Move(unfinished, folder);
        return true;
    }

    private string TrialIn(SampleRun run)
    {
        var study = VisionSeqModels.Studies.Study.Open(run.In(Study));
        var trial = study.Trials.Single(trial => trial.Setting == Setting && trial.Seed == Seed);
        return trial.Outcome == StopReason.Completed
            ? trial.Folder
            : throw new InvalidOperationException(
                $"The trial '{Setting}' with seed {Seed} of '{Study}' has no model: {trial.Reason}"
            );
    }
}
