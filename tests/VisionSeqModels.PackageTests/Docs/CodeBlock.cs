namespace VisionSeqModels.Tests.Docs;

/// <summary>A fenced block of a page.</summary>
/// <param name="Page">The page.</param>
/// <param name="Line">The number of its first line on the page.</param>
/// <param name="Language">The name behind the fence; may be empty.</param>
/// <param name="Program">The name of a whole program, from a comment before the block; empty for a fragment.</param>
/// <param name="Code">Its text.</param>
internal sealed record CodeBlock(string Page, int Line, string Language, string Program, string Code)
{
    public override string ToString() => $"{Page}:{Line}";
}
