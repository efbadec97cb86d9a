namespace VisionSeqModels.Studies;

/// <summary>What <see cref="StudyOptions.OnDifferentMachine"/> asks for.</summary>
internal static class MachineRule
{
    /// <exception cref="InvalidOperationException">Trials were run on another machine, and that is refused.</exception>
    public static void Check(StudyOptions options, IEnumerable<LedgerTrial> trials, WorkerMachine machine)
    {
        if (options.OnDifferentMachine != MachineDifference.Refuse)
        {
            return;
        }

        foreach (var trial in trials)
        {
            if (trial.Machines.FirstOrDefault(other => other != machine) is WorkerMachine other)
            {
                throw new InvalidOperationException(
                    $"The trial '{trial.Trial}' of the study was run on {other}, but this worker runs on {machine}, which gives "
                        + "other bits. Run all workers alike (ThreadsPerTrial sets the threads), or set "
                        + "StudyOptions.OnDifferentMachine to Pin or Mark."
                );
            }
        }
    }

    /// <summary>Whether this machine may continue a trial.</summary>
    public static bool Allows(StudyOptions options, LedgerTrial? trial, WorkerMachine machine) =>
        options.OnDifferentMachine != MachineDifference.Pin
        || trial is not { Machines.Count: > 0 }
        || trial.Machines[0] == machine;
}
