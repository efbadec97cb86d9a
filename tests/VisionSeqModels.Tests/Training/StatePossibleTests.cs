using VisionSeqModels.Runs;

namespace VisionSeqModels.Tests.Training;

/// <summary>The least that a run can have left is a state: zeros, no message, no epoch.</summary>
public sealed class StatePossibleTests
{
    private static readonly TrainingState Least = StateFileTests.Sound with
    {
        Epoch = 0,
        Step = 0,
        Seconds = 0,
        LearningRateScale = 0,
        TrainSamples = null,
        Callbacks = new Dictionary<string, IReadOnlyDictionary<string, string>>(),
    };

    [Fact]
    public void Zeros_ArePossible_AndSoIsAllThatIsFilled()
    {
        Assert.True(Least.IsPossible);
        Assert.True((Least with { StopMessage = "enough", OptimizerGroups = [] }).IsPossible);
        Assert.True(
            (
                Least with
                {
                    OptimizerGroups =
                    [
                        ["a"],
                        [],
                    ],
                    Epochs = [Epoch.Of(1, "a", 1)],
                }
            ).IsPossible
        );
    }

    [Fact]
    public void OneBelowZero_OrNoNumber_IsNot()
    {
        Assert.All(
            (TrainingState[])
                [
                    Least with
                    {
                        Epoch = -1,
                    },
                    Least with
                    {
                        StepInEpoch = -1,
                    },
                    Least with
                    {
                        Step = -1,
                    },
                    Least with
                    {
                        EpochSamples = -1,
                    },
                    Least with
                    {
                        LearningRateScale = -double.Epsilon,
                    },
                    Least with
                    {
                        LearningRateScale = double.PositiveInfinity,
                    },
                    Least with
                    {
                        StopMessage = "",
                    },
                    Least with
                    {
                        StopMessage = " ",
                    },
                    Least with
                    {
                        OptimizerGroups =
                        [
                            ["a"],
                            null!,
                        ],
                    },
                    Least with
                    {
                        OptimizerGroups =
                        [
                            ["a"],
                            ["b", null!],
                        ],
                    },
                    Least with
                    {
                        Epochs = [null!],
                    },
                    Least with
                    {
                        Resumes = [null!],
                    },
                ],
            state => Assert.False(state.IsPossible)
        );
    }

    [Fact]
    public void FolderHasAState_WhereTheLastOrTheOneBeforeIsThere()
    {
        using var folder = new TempFolder();
        var file = new StateFile(folder.Root);
        Assert.False(file.Exists);
        Directory.CreateDirectory(folder["checkpoints"]);
        File.WriteAllText(file.Previous, "");
        Assert.True(file.Exists && RunDirectory.CanResume(folder.Root));
        File.Move(file.Previous, file.Last);
        Assert.True(file.Exists && RunDirectory.CanResume(folder.Root));
        Assert.Contains("No saved state in", Assert.Throws<InvalidDataException>(file.Read).Message, StringComparison.Ordinal);
    }
}
