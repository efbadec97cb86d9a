namespace VisionSeqModels.Tests.Docs;

/// <summary>A fenced block of a page.</summary>
/// <param name="Page">The page.</param>
/// <param name="Line">The line of the page that its first line is.</param>
/// <param name="Language">What stands behind the fence; may be empty.</param>
/// <param name="Program">The name of a whole program, out of a comment before the block; empty for a fragment.</param>
/// <param name="Code">Its text.</param>
internal sealed record CodeBlock(string Page, int Line, string Language, string Program, string Code)
{
    public override string ToString() => $"{Page}:{Line}";
}
