using System.Text.Json.Nodes;
using VisionSeqModels.Runs;
using VisionSeqModels.Studies;
using static VisionSeqModels.Tests.Studies.MadeUpTrials;

namespace VisionSeqModels.Tests.Studies;

/// <summary>What the schedule of one process hears of a trial that ended.</summary>
public sealed class OwnTrialsTests : ITrialSchedule
{
    private static readonly StudyFile.Entry Trial = new("a", Factors(), 1, "001_a");
    private readonly List<TrainingHistory?> _heard = [];

    [Fact]
    public void TrialThatFailed_HasTheHistoryOfItsRecord_AndOthersTheirOwn()
    {
        var file = TheStudy with { Trials = [Trial] };
        var record = StudyRecord.Begin("folder", file, file, new Store(), new TwoEpochs());
        var own = new OwnTrials("folder", this, record, MadeUpMachine.Any);
        using var session = own.Next()!;
        own.Ended(session, null, failed: true);
        Assert.Equal([1, 2], _heard[0]!.Epochs.Select(epoch => epoch.Epoch));
        var history = History("f", 1);
        own.Ended(session, history, failed: false);
        Assert.Same(history, _heard[1]);
    }

    TrialJob? ITrialSchedule.Next() => new(1, Trial);

    void ITrialSchedule.Ended(TrialJob job, TrainingHistory? history, bool failed) => _heard.Add(history);

    private sealed class TwoEpochs : ITrialRecords
    {
        public (RunRecord? Record, string? Problem) Read(StudyFile.Entry trial) =>
            (RunOf() with { Epochs = [Epoch.Of(1, "f", 0.5), Epoch.Of(2, "f", 0.75)] }, null);

        public bool HasState(StudyFile.Entry trial) => false;

        public JsonObject? Setup(StudyFile.Entry trial, RunRecord? record) => null;
    }

    private sealed class Store : IRecordStore
    {
        public StudyFile? Find() => null;

        public bool TryWrite(StudyFile file) => true;
    }
}
