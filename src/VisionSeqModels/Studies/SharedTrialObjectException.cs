namespace VisionSeqModels.Studies;

/// <summary>Two trials share what each must have for itself. It ends the study: it is the fault of no setting.</summary>
internal sealed class SharedTrialObjectException(string message) : InvalidOperationException(message)
{
    /// <summary>The one among the causes of a failure, or null.</summary>
    public static SharedTrialObjectException? In(Exception? failure)
    {
        while (failure is not (null or SharedTrialObjectException))
        {
            failure = failure.InnerException;
        }

        return (SharedTrialObjectException?)failure;
    }
}
