using SkiaSharp;

namespace VisionSeqModels.Drawing;

/// <summary>The title above a picture, in as many lines as the picture's width needs, and smaller lines of notes
/// below it.</summary>
internal sealed class PictureTitle : IDisposable
{
    public const int Margin = 16;
    private const int FirstLine = 26;
    private const int LineHeight = 20;
    private const int NoteHeight = 17;
    private const float UsualWidth = 720; // a longer title is broken, unless the picture is wider anyhow
    private readonly PictureFont _large = new(16);
    private readonly PictureFont _small = new(12);
    private readonly IReadOnlyList<string> _titleLines;
    private readonly IReadOnlyList<string> _noteLines;

    /// <param name="title">The title, or null.</param>
    /// <param name="notes">What was left out, for example; each begins a line.</param>
    /// <param name="contentWidth">How wide the picture is without it.</param>
    public PictureTitle(string? title, IReadOnlyList<string> notes, int contentWidth)
    {
        float widest = Math.Max(
            title is null ? 0 : title.Split('\n').Max(_large.Measure),
            notes.Select(_small.Measure).DefaultIfEmpty(0).Max()
        );
        Width = Math.Max(contentWidth, (2 * Margin) + (int)Math.Ceiling(Math.Min(widest, UsualWidth)));
        float room = Width - (2 * Margin);
        _titleLines = title is null ? [] : _large.Wrap(title, room);
        _noteLines = [.. notes.SelectMany(note => _small.Wrap(note, room))];
    }

    /// <summary>The width of the picture: that of the content, or more.</summary>
    public int Width { get; }

    /// <summary>The height of all lines.</summary>
    public int Height =>
        (_titleLines.Count == 0 ? 0 : FirstLine + ((_titleLines.Count - 1) * LineHeight)) + (_noteLines.Count * NoteHeight);

    public void Paint(SKCanvas canvas)
    {
        using var ink = new SKPaint { Color = SKColors.Black, IsAntialias = true };
        float y = Margin + 10;
        foreach (string line in _titleLines)
        {
            _large.Draw(canvas, line, Margin, y, ink);
            y += LineHeight;
        }

        y = Margin + Height - (_noteLines.Count * NoteHeight) + 8;
        foreach (string line in _noteLines)
        {
            _small.Draw(canvas, line, Margin, y, ink);
            y += NoteHeight;
        }
    }

    public void Dispose()
    {
        _large.Dispose();
        _small.Dispose();
    }
}
