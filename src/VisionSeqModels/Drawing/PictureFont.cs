using System.Globalization;
using System.Text;
using SkiaSharp;
using VisionSeqModels.Core;

namespace VisionSeqModels.Drawing;

/// <summary>Measures and draws lines of text, users' names among them, without what is no letter. A character that the usual
/// font lacks comes from another installed one; where none has it, a box marks its place.</summary>
internal sealed class PictureFont(float size, bool bold = false) : IDisposable
{
    private const float BoxWidth = 0.7f;
    private readonly SKFont _usual = SkiaRuntime.CreateFont(size, bold);
    private readonly Dictionary<SKTypeface, SKFont> _others = [];

    /// <summary>The distance from one line to the next.</summary>
    public int LineHeight { get; } = (int)Math.Ceiling(size * 1.3);

    public float Measure(string text) => Runs(text).Sum(run => run.Width);

    public void Draw(SKCanvas canvas, string text, float x, float y, SKPaint ink, SKTextAlign align = SKTextAlign.Left)
    {
        var runs = Runs(text);
        float at =
            x
            - (
                align == SKTextAlign.Left ? 0
                : align == SKTextAlign.Center ? runs.Sum(run => run.Width) / 2
                : runs.Sum(run => run.Width)
            );
        foreach (var run in runs)
        {
            if (run.Font is SKFont font)
            {
                canvas.DrawText(run.Text, at, y, font, ink);
            }
            else
            {
                using var box = ink.Clone();
                box.Style = SKPaintStyle.Stroke;
                canvas.DrawRect(at + 1, y - (size * 0.7f), (size * BoxWidth) - 2, size * 0.7f, box);
            }

            at += run.Width;
        }
    }

    /// <summary>Draws text upwards, turned about a point.</summary>
    public void DrawTurned(SKCanvas canvas, string text, float x, float y, SKPaint ink, SKTextAlign align)
    {
        canvas.Save();
        canvas.RotateDegrees(-90, x, y);
        Draw(canvas, text, x, y, ink, align);
        canvas.Restore();
    }

    /// <summary>The text in lines that are no wider than there is room: broken at spaces, and a longer word within.</summary>
    public IReadOnlyList<string> Wrap(string text, float room)
    {
        List<string> lines = [];
        foreach (string paragraph in PlainText.OfLines(text).Split('\n'))
        {
            string line = "";
            foreach (string piece in paragraph.Split(' ').SelectMany(word => Pieces(word, room)))
            {
                string longer = line.Length == 0 ? piece : $"{line} {piece}";
                if (line.Length > 0 && Measure(longer) > room)
                {
                    lines.Add(line);
                    longer = piece;
                }

                line = longer;
            }

            lines.Add(line);
        }

        return lines;
    }

    public void Dispose()
    {
        _usual.Dispose();
        foreach (var font in _others.Values)
        {
            font.Dispose();
        }
    }

    private List<string> Pieces(string word, float room)
    {
        if (Measure(word) <= room)
        {
            return [word];
        }

        List<string> pieces = [""];
        foreach (string element in Elements(word))
        {
            if (pieces[^1].Length > 0 && Measure(pieces[^1] + element) > room)
            {
                pieces.Add("");
            }

            pieces[^1] += element;
        }

        return pieces;
    }

    private List<Run> Runs(string text)
    {
        text = PlainText.Of(text);
        if (text.Length == 0 || !SkiaRuntime.CanDrawText)
        {
            return [];
        }

        if (_usual.ContainsGlyphs(text))
        {
            return [new Run(_usual, text, _usual.MeasureText(text))];
        }

        List<Run> runs = [];
        foreach (string element in Elements(text))
        {
            Add(runs, element);
        }

        return runs;
    }

    private void Add(List<Run> runs, string element)
    {
        string drawn = string.Concat(element.EnumerateRunes().Where(IsDrawn));
        if (drawn.Length == 0)
        {
            return;
        }

        if (FontOf(drawn) is not SKFont font)
        {
            foreach (var rune in drawn.EnumerateRunes())
            {
                if (FontOf(rune.ToString()) is SKFont own)
                {
                    Append(runs, own, rune.ToString());
                }
                else
                {
                    FontFallback.Lacks(rune);
                    runs.Add(new Run(null, rune.ToString(), size * BoxWidth));
                }
            }

            return;
        }

        Append(runs, font, drawn);
    }

    private static void Append(List<Run> runs, SKFont font, string text)
    {
        if (runs.Count > 0 && ReferenceEquals(runs[^1].Font, font))
        {
            text = runs[^1].Text + text;
            runs.RemoveAt(runs.Count - 1);
        }

        runs.Add(new Run(font, text, font.MeasureText(text)));
    }

    private SKFont? FontOf(string element)
    {
        if (_usual.ContainsGlyphs(element))
        {
            return _usual;
        }

        if (FontFallback.For(element.EnumerateRunes().First()) is not SKTypeface other)
        {
            return null;
        }

        if (!_others.TryGetValue(other, out var font))
        {
            _others[other] = font = new SKFont(other, size);
        }

        return font.ContainsGlyphs(element) ? font : null;
    }

    private static IEnumerable<string> Elements(string text)
    {
        var elements = StringInfo.GetTextElementEnumerator(text);
        while (elements.MoveNext())
        {
            yield return elements.GetTextElement();
        }
    }

    /// <summary>Joiners and variation selectors shape their neighbours and have no look of their own.</summary>
    private static bool IsDrawn(Rune rune) =>
        rune.Value is not (0x200D or >= 0xFE00 and <= 0xFE0F) && Rune.GetUnicodeCategory(rune) != UnicodeCategory.Control;

    private readonly record struct Run(SKFont? Font, string Text, float Width);
}
