using System.Text.RegularExpressions;

namespace VisionSeqModels.Tests.Errors;

/// <summary>A row of a page in docs/errors: what happened, what the library says, what to do.</summary>
internal sealed record ErrorRow(string Page, string Id, string Cause, string Message, string Advice)
{
    /// <summary>The messages that the row stands for.</summary>
    public Regex Pattern { get; } =
        new($"^{string.Join(".+", Message.Split('…').Select(Regex.Escape))}$", RegexOptions.Singleline);
}
