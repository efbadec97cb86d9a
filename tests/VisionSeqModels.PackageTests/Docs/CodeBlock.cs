namespace VisionSeqModels.Tests.Docs;

/// <summary>A fenced block of a page.</summary>
/// <param name="Page">The page.</param>
/// <param name="Line">The number of its first line on the page.</param>
/// <param name="Language">The name behind the fence; may be empty.</param>
/// <param name="Program">The name of a whole program, from a comment before the block; empty for a fragment.</param>
/// <param name="Code">Its text.</param>
internal sealed record CodeBlock(string Page, int Line, string Language, string Program, string Code)
{
    /// <summary>The program that prints this text, from a comment before the block; empty for another block.</summary>
    public string Output { get; init; } = "";

    /// <summary>The program that this code is a part of, from a comment before the block; empty for another block.</summary>
    public string Step { get; init; } = "";

    public override string ToString() => $"{Page}:{Line}";
}
