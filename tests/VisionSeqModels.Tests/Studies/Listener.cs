using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies;

/// <summary>A study's listener: hears each report at once, on the thread that makes it.</summary>
internal sealed class Listener(Action<StudyProgress> hear) : IProgress<StudyProgress>
{
    public void Report(StudyProgress value) => hear(value);
}
