using Microsoft.Extensions.Logging.Abstractions;
using VisionSeqModels.Data;
using VisionSeqModels.Studies;
using VisionSeqModels.Training;
using static VisionSeqModels.Tests.Studies.MadeUpTrials;

namespace VisionSeqModels.Tests.Studies;

/// <summary>What a trial says of itself to its ledger, without training.</summary>
public sealed class TrialWatchTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly LogLedger _ledger = new(new ClockedStore());

    public void Dispose() => _folder.Dispose();

    /// <summary>Between two epochs the step within the epoch is 0; a source may give more than it said, or not say.</summary>
    [Theory]
    [InlineData(64, 0, 1.0)]
    [InlineData(64, 1, 0.25)]
    [InlineData(64, 4, 1.0)]
    [InlineData(64, 5, 1.0)]
    [InlineData(0, 0, null)]
    [InlineData(0, 1, null)]
    [InlineData(null, 1, null)]
    public void SavedState_IsPublished_WithItsPosition(int? samples, int stepInEpoch, double? fraction)
    {
        var request = new ClaimRequest
        {
            Worker = "me",
            Lease = TimeSpan.FromMinutes(1),
            Machine = MadeUpMachine.Any,
        };
        using var session = new SharedSession(
            new TrialJob(1, new StudyFile.Entry("a", Factors(), 1, "001_a")),
            _ledger,
            _ledger.Claim(["001_a"], request)!,
            _folder.Root,
            new StudyOptions(),
            NullLogger.Instance,
            CancellationToken.None
        );
        var context = Context(samples);
        (context.Epoch, context.Step, context.StepInEpoch) = (2, 7, stepInEpoch);
        session.Watch().OnCheckpointSaved(new CheckpointSavedEvent(context, "state"));
        var trial = Assert.Single(_ledger.Trials());
        Assert.Equal(2, trial.FilesVersion);
        Assert.Equal(
            new TrialPosition
            {
                Epoch = 2,
                Epochs = 3,
                EpochFraction = fraction,
                Step = 7,
            },
            trial.Position
        );
    }

    /// <summary>A run of three epochs that has a position, and no model.</summary>
    internal static FitContext Context(long? samples) =>
        new(
            null!,
            new TrainerOptions { Epochs = 3, BatchSize = 16 },
            new FitData { Train = new Counted(samples) },
            null!,
            null!,
            History("x", 1),
            null!,
            NullLogger.Instance,
            [],
            null!
        );

    private sealed class Counted(long? samples) : IBatchSource
    {
        public string Name => "counted";

        public long? SampleCount => samples;

        public IEnumerable<Batch> Read(BatchRequest request) => [];
    }
}
