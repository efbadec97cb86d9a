namespace VisionSeqModels.Training;

/// <summary>A callback whose file grows line by line. What it has written must outlive a power cut wherever the state does that
/// comes after it: a resumed run does not write it again.</summary>
internal interface IGrowingLog
{
    /// <summary>Brings what was written to the disk; called before each state is saved.</summary>
    /// <exception cref="IOException">The disk refuses it; the message has the file's path.</exception>
    void FlushToDisk();
}
