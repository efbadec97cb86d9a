namespace VisionSeqModels.Studies;

/// <summary>Two trials share what each must have for itself. It ends the study: it is the fault of no setting.</summary>
internal sealed class SharedTrialObjectException(string message) : InvalidOperationException(message);
