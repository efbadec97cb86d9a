namespace VisionSeqModels.Studies;

/// <summary>A trial to begin or to go on with.</summary>
/// <param name="Number">Its place in the plan, from 1.</param>
/// <param name="Trial">Which.</param>
/// <param name="UntilEpoch">The epoch after which it pauses, or null for its end.</param>
internal sealed record TrialJob(int Number, StudyFile.Entry Trial, int? UntilEpoch = null);
