namespace VisionSeqModels.Studies;

/// <summary>Another process has written a study's record since this one read it.</summary>
internal sealed class RecordChangedException() : Exception("Another process has written the study's record.");
