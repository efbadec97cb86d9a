namespace VisionSeqModels.Studies;

/// <summary>Every trial to its end, in the plan's order.</summary>
internal sealed class PlanOrder(IEnumerable<TrialJob> jobs) : ITrialSchedule
{
    private readonly Queue<TrialJob> _waiting = new(jobs);

    public TrialJob? Next() => _waiting.TryDequeue(out var job) ? job : null;

    public void Ended(TrialJob job, TrainingHistory? history, bool failed) { }
}
