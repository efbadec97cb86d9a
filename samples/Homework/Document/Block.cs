using VisionSeqModels.Drawing;

/// <summary>A piece of the document, which both HTML and Markdown can show.</summary>
internal abstract record Block
{
    /// <summary>The document's section, or a part of it.</summary>
    public sealed record Heading(string Text, bool IsPart = false) : Block;

    public sealed record Paragraph(string Text) : Block;

    /// <summary>Sentences one below the other.</summary>
    public sealed record Items(IReadOnlyList<string> Texts) : Block;

    public sealed record Code(string Text) : Block;

    /// <summary>A table; <see cref="Best"/> says which cells are the best of their column.</summary>
    public sealed record Table(
        IReadOnlyList<string> Columns,
        IReadOnlyList<IReadOnlyList<string>> Rows,
        Func<int, int, bool>? Best = null
    ) : Block;

    /// <summary>Pictures side by side.</summary>
    public sealed record Pictures(params IReadOnlyList<Illustration> All) : Block;

    /// <summary>Text beside a picture.</summary>
    public sealed record Beside(IReadOnlyList<string> Paragraphs, Illustration Illustration) : Block;

    /// <summary>Notes of the user's own, in Markdown.</summary>
    public sealed record Note(string Markdown) : Block;
}

/// <summary>A picture with its caption.</summary>
/// <param name="Name">The name of its file beside report.md, without the ending.</param>
/// <param name="Picture">The picture.</param>
/// <param name="Caption">What it shows.</param>
internal sealed record Illustration(string Name, Picture Picture, string Caption);
