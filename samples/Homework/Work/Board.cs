using System.Diagnostics;
using Spectre.Console;
using Spectre.Console.Rendering;

/// <summary>All studies and views of the homework while they run, with the time that is left: a live table on a terminal,
/// plain lines where the output goes to a file.</summary>
internal sealed class Board
{
    private const double CostOfAView = 10;
    private const int Narrow = 60; // columns
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private readonly bool _live = !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Ansi;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Dictionary<string, BoardRow> _rows;
    private readonly int _views;
    private readonly Action _somethingIsDone;
    private int _viewsDone;

    /// <param name="studies">What is trained.</param>
    /// <param name="views">How many views are drawn.</param>
    /// <param name="seeds">Seeds of each setting.</param>
    /// <param name="somethingIsDone">Called when a trial or a view is done that was not done before.</param>
    public Board(IReadOnlyList<StudyTask> studies, int views, int seeds, Action somethingIsDone)
    {
        (_views, _somethingIsDone) = (views, somethingIsDone);
        _rows = studies.ToDictionary(
            study => study.Name,
            study => new BoardRow(
                study.Name,
                [.. study.Plan.Settings.SelectMany(setting => Enumerable.Repeat(setting.Value.Cost * study.Epochs, seeds))],
                Say
            )
        );
    }

    /// <summary>Where a study reports.</summary>
    public BoardRow Row(StudyTask study) => _rows[study.Name];

    public void ViewDone(View view, bool isNew)
    {
        int done = Interlocked.Increment(ref _viewsDone);
        if (isNew)
        {
            Say($"views, {done} of {_views}: {view.Name}");
        }
    }

    /// <summary>Shows the board while something runs.</summary>
    public void Show(Action work)
    {
        if (!_live)
        {
            work();
            return;
        }

        AnsiConsole
            .Live(Table())
            .Start(context =>
            {
                using var timer = new Timer(_ => context.UpdateTarget(Table()), null, Interval, Interval);
                work();
                timer.Change(Timeout.Infinite, Timeout.Infinite);
                context.UpdateTarget(Table());
            });
    }

    /// <summary>Something is done.</summary>
    private void Say(string line)
    {
        _somethingIsDone();
        if (!_live)
        {
            Console.WriteLine($"{line}; {Left()}");
        }
    }

    /// <summary>The time that is left, by what has been done since the program began.</summary>
    private string Left()
    {
        double doneNow = _rows.Values.Sum(row => row.DoneNow) + (_viewsDone * CostOfAView),
            left = _rows.Values.Sum(row => row.Cost - row.Done) + ((_views - _viewsDone) * CostOfAView);
        return doneNow <= 0 ? "time left unknown"
            : left <= 0 ? "done"
            : FormattableString.Invariant(
                $"about {TimeSpan.FromSeconds(_clock.Elapsed.TotalSeconds * left / doneNow):h\\:mm\\:ss} left"
            );
    }

    /// <summary>A line for each trial under way, cut to the terminal; a narrow one has no room for borders and
    /// settings.</summary>
    private IRenderable Table()
    {
        bool isNarrow = AnsiConsole.Profile.Width < Narrow;
        string Trials(BoardRow row) => $"{row.Over} of {row.Count}";
        int around = isNarrow ? 7 : 11,
            room =
                AnsiConsole.Profile.Width
                - around
                - _rows.Keys.Max(name => name.Length)
                - _rows.Values.Max(row => Trials(row).Length);
        string Cut(string line) => line.Length <= Math.Max(room, 1) ? line : line[..Math.Max(room - 1, 0)] + "…";
        var table = new Table
        {
            Border = isNarrow ? TableBorder.None : TableBorder.Rounded,
            Title = new TableTitle($"Homework: {Left()}"),
        };
        table.AddColumns("study", "trials", "under way");
        foreach (var row in _rows.Values)
        {
            table.AddRow(new Text(row.Name), new Text(Trials(row)), new Text(string.Join('\n', row.Now(isNarrow).Select(Cut))));
        }

        table.AddRow(new Text("views"), new Text($"{_viewsDone} of {_views}"), new Text(""));
        return table;
    }
}
