namespace VisionSeqModels.Visualization;

/// <summary>Puts what a result has to say together.</summary>
internal static class Sentences
{
    /// <summary>The sentences that there are, in order; null where there is none.</summary>
    public static string? Of(params string?[] sentences)
    {
        string text = string.Join(' ', sentences.OfType<string>());
        return text.Length == 0 ? null : text;
    }
}
