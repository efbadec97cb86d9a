using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies;

/// <summary>Real runs that take milliseconds: three epochs of the tiny model, at the learning rates that are asked for.</summary>
internal static class TinyStudy
{
    public static Study Run(
        string folder,
        StudyOptions options,
        params IReadOnlyList<(string Name, double LearningRate)> settings
    )
    {
        using var data = new TinyData(64);
        return Study.Run(folder, StudyPlan.List(settings), Make, new FitData { Train = data, Test = data }, options);
    }

    private static StudyTrial Make(double learningRate, long seed) =>
        new()
        {
            Model = TinyModel.Create(),
            Options = new TrainerOptions
            {
                Epochs = 3,
                BatchSize = 16,
                Device = "cpu",
                Optimizer = new SgdOptions { LearningRate = learningRate },
            },
        };
}
