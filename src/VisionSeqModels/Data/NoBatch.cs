namespace VisionSeqModels.Data;

/// <summary>Why data gave no batch.</summary>
internal static class NoBatch
{
    public const string UsedUp =
        "it is used up, since it can be read only once. Keep the batches in a list, or let BatchSource.From(name, request => …) "
        + "begin again for each epoch.";

    public const string Empty = "it is empty, or a sequence that can be read only once and was read before.";
}
