namespace VisionSeqModels.Benchmarks.Workers;

/// <summary>What a study asks of its ledger.</summary>
/// <param name="TrialsPerWorker">Trials for each worker.</param>
/// <param name="Epochs">Epochs of a trial; a state is published after each.</param>
/// <param name="EpochSeconds">The median length of an epoch.</param>
/// <param name="Spread">The standard deviation of the logarithm of an epoch's length.</param>
/// <param name="RenewSeconds">How often a claim is renewed.</param>
/// <param name="Bandwidth">Of the ledger's own network link, in bytes a second.</param>
/// <param name="ShowsProgress">Whether each worker shows what all do.</param>
internal sealed record StudyLoad(
    int TrialsPerWorker,
    int Epochs,
    double EpochSeconds,
    double Spread,
    double RenewSeconds,
    double Bandwidth,
    bool ShowsProgress = false
);
