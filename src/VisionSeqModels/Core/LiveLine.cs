namespace VisionSeqModels.Core;

/// <summary>The last line of a terminal, rewritten in place and never longer than the terminal is wide at that moment.</summary>
internal sealed class LiveLine
{
    private const int UsualColumns = 80;
    private const int LeastColumns = 20;
    private readonly TextWriter _writer;
    private readonly Func<int>? _columns;
    private int _written;

    /// <param name="writer">Where to write.</param>
    /// <param name="live">Whether the writer is a terminal.</param>
    /// <param name="columns">Its columns; null for those of the console.</param>
    public LiveLine(TextWriter writer, bool live, Func<int>? columns)
    {
        (_writer, _columns) = (writer, columns);
        IsLive = live && (columns is not null || Environment.GetEnvironmentVariable("TERM") != "dumb");
    }

    /// <summary>Whether there is a live line: not in a file, nor on a terminal that cannot go back in a line.</summary>
    public bool IsLive { get; }

    /// <summary>The longest line that does not wrap. The last column stays empty, since some terminals wrap at it.</summary>
    public int Room => Columns - 1;

    private int Columns
    {
        get
        {
            int columns;
            try
            {
                columns = _columns?.Invoke() ?? Console.WindowWidth;
            }
            catch (Exception e) when (e is IOException or PlatformNotSupportedException)
            {
                columns = 0; // there is no console
            }

            return columns <= 0 ? UsualColumns : Math.Max(columns, LeastColumns);
        }
    }

    /// <summary>Shows a text instead of the one that is there; what has no room is cut off.</summary>
    public void Show(string text)
    {
        int room = Room;
        text = Cut(text, room);
        Unwrap(room + 1);
        int written = Math.Max(text.Length, Math.Min(_written, room));
        _writer.Write('\r' + text.PadRight(written));
        _writer.Flush();
        _written = written;
    }

    /// <summary>Takes the text away: the next one that is written stands in its place.</summary>
    public void Clear()
    {
        if (_written > 0)
        {
            int room = Room;
            Unwrap(room + 1);
            // two more, for the ^C that a terminal shows
            _writer.Write('\r' + new string(' ', Math.Min(_written + 2, room)) + '\r');
            _written = 0;
        }
    }

    /// <summary>Writes parts of a line for good, two spaces between them. On a terminal it breaks between parts, and within a
    /// part between words.</summary>
    public void WriteLine(IEnumerable<string> parts)
    {
        Clear();
        int room = IsLive ? Room : int.MaxValue;
        string line = "",
            gap = "";
        foreach (string part in parts)
        {
            if (line.Length > 0 && line.Length + gap.Length + part.Length > room)
            {
                _writer.WriteLine(line);
                line = "";
            }

            line += gap + part;
            gap = "  ";
            while (line.Length > room && line.LastIndexOf(' ', room) is var space and > 2)
            {
                _writer.WriteLine(line[..space].TrimEnd());
                line = gap + line[(space + 1)..];
            }
        }

        _writer.WriteLine(line);
        _writer.Flush();
    }

    public static string Cut(string text, int room) => text.Length <= room ? text : text[..(room - 1)] + "…";

    /// <summary>A terminal that became narrower has broken the line into several: goes back to the first of them and erases
    /// all.</summary>
    private void Unwrap(int columns)
    {
        int above = (Math.Max(_written, 1) - 1) / columns;
        if (above > 0 && !OperatingSystem.IsWindows()) // whose console takes no escapes unless it is asked to
        {
            _writer.Write($"\r\e[{above}A\e[J");
            _written = 0;
        }
    }
}
