using System.Text.Json.Nodes;
using VisionSeqModels.Checkpoints;
using VisionSeqModels.Core;
using VisionSeqModels.Runs;

namespace VisionSeqModels.Tests.Training;

/// <summary>States that are whole, have a right checksum, and are no state that a run can have left.</summary>
[Collection("Torch")]
public sealed class StateFileTests : IDisposable
{
    private const string Impossible = "is a training state with values that cannot be.";

    internal static readonly TrainingState Sound = new()
    {
        Epoch = 1,
        StepInEpoch = 0,
        Step = 4,
        Seed = 1,
        Threads = 1,
        EpochSamples = 0,
        EpochSeconds = 0,
        Seconds = 1,
        StartedAt = DateTimeOffset.UnixEpoch,
        LearningRateScale = 1,
        StopMessage = null,
        Options = new JsonObject(),
        TrainSource = "tiny",
        TrainSamples = 8,
        Epochs = [],
        Resumes = [],
        Callbacks = new Dictionary<string, IReadOnlyDictionary<string, string>>
        {
            ["early_stopping"] = new Dictionary<string, string> { ["best"] = "1" },
        },
    };

    private readonly TempFolder _folder = new();

    private static Dictionary<string, TrainingState> Spoilt { get; } =
        new()
        {
            ["epoch"] = Sound with { Epoch = -1 },
            ["step in epoch"] = Sound with { StepInEpoch = -1 },
            ["step"] = Sound with { Step = -1 },
            ["samples"] = Sound with { EpochSamples = -1 },
            ["scale below 0"] = Sound with { LearningRateScale = -0.1 },
            ["scale NaN"] = Sound with { LearningRateScale = double.NaN },
            ["scale infinite"] = Sound with { LearningRateScale = double.PositiveInfinity },
            ["message"] = Sound with { StopMessage = " " },
            ["a group that is null"] = Sound with
            {
                OptimizerGroups =
                [
                    ["weight"],
                    null!,
                ],
            },
            ["a name that is null"] = Sound with
            {
                OptimizerGroups =
                [
                    ["weight", null!],
                ],
            },
            ["an epoch that is null"] = Sound with { Epochs = [null!] },
            ["a resume that is null"] = Sound with { Resumes = [null!] },
            ["a callback that is null"] = Sound with
            {
                Callbacks = new Dictionary<string, IReadOnlyDictionary<string, string>> { ["x"] = null! },
            },
            ["a value that is null"] = Sound with
            {
                Callbacks = new Dictionary<string, IReadOnlyDictionary<string, string>>
                {
                    ["x"] = new Dictionary<string, string> { ["y"] = null! },
                },
            },
        };

    public static TheoryData<string> Names => [.. Spoilt.Keys];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void SoundStates_AreReadBack()
    {
        foreach (
            var state in new[]
            {
                Sound,
                Sound with
                {
                    StopMessage = "enough",
                    OptimizerGroups =
                    [
                        ["weight"],
                        [],
                    ],
                },
            }
        )
        {
            var file = new StateFile(_folder.Root);
            file.Write(state, []);
            var loaded = file.Read();
            loaded.Dispose();
            Assert.Equal(file.Last, loaded.Path);
            Assert.Equal((1, 4L, state.StopMessage), (loaded.State.Epoch, loaded.State.Step, loaded.State.StopMessage));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ValuesThatCannotBe_AreRefused(string name)
    {
        new StateFile(_folder.Root).Write(Spoilt[name], []);
        Assert.Contains(Impossible, Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void AnotherFormat_IsNamed()
    {
        new StateFile(_folder.Root).Write(Sound with { Format = 2 }, []);
        Assert.Contains("has the state format 2, but this version reads format 1.", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void FileWithoutAState_SaysSo()
    {
        AtomicFile.Write(
            new StateFile(_folder.Root).Last,
            stream => ChecksummedSafetensors.Write(stream, [], new Dictionary<string, string> { ["other"] = "1" })
        );
        Assert.Contains("is no training state: it lacks the entry 'training_state'.", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void TensorsOfARefusedState_AreDisposed()
    {
        using (var weight = TorchSharp.torch.zeros(3))
        {
            new StateFile(_folder.Root).Write(Sound with { Format = 2 }, [new("weight", weight)]);
        }

        long before = TorchSharp.torch.Tensor.TotalCount;
        Assert.NotEmpty(Refusal());
        Assert.Equal(before, TorchSharp.torch.Tensor.TotalCount);
    }

    /// <summary>The one before it is taken, with a warning.</summary>
    [Fact]
    public void OfADamagedState_TheOneBeforeIsTaken()
    {
        var file = new StateFile(_folder.Root);
        file.Write(Sound, []);
        file.Write(Sound with { Epoch = -1 }, []);
        var loaded = file.Read();
        loaded.Dispose();
        Assert.Equal((1, file.Previous), (loaded.State.Epoch, loaded.Path));
        Assert.Contains(Impossible, loaded.Warning, StringComparison.Ordinal);
    }

    private string Refusal() => Assert.Throws<InvalidDataException>(() => new StateFile(_folder.Root).Read()).Message;
}
