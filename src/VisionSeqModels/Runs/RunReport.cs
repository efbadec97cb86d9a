using System.Globalization;
using VisionSeqModels.Core;
using VisionSeqModels.Drawing;
using VisionSeqModels.Runs;

namespace VisionSeqModels;

/// <summary>The report of one run, part by part, from the files of its folder. <see cref="Write(string)"/> makes the whole page
/// <c>report.html</c>; the parts can stand on a page of your own.</summary>
/// <remarks>Each <c>Add</c> method adds content without a heading, and nothing where the folder has nothing of it. With a run
/// directory the trainer writes the page at a run's end: <see cref="RunReportWriter"/>.</remarks>
public sealed class RunReport
{
    /// <summary>The name of the page in a run folder.</summary>
    public const string FileName = "report.html";

    private const long MostPictureBytes = 2_000_000;
    private readonly RunRecord _record;
    private readonly string _folder;

    internal RunReport(string folder, RunRecord record, bool otherPictures)
    {
        (_folder, _record) = (folder, record);
        History = TrainingHistory.Of(record, folder);
        var options = OptionLeaf.Of(record).GroupBy(leaf => leaf.Group);
        Settings = new ReportTable(
            ["of", "options"],
            [.. options.Select(group => Row(group.Key, string.Join(", ", group.Select(Text))))]
        );
        Environment = new ReportTable(["what", "value"], [.. RunFacts.Of(record).Select(fact => Row(fact.Name, fact.Value))]);
        Pictures = RunPictures.Of(folder, otherPictures);
        ErrorPictures = RunPictures.OfErrors(folder);
    }

    /// <summary>The run's record.</summary>
    public TrainingHistory History { get; }

    /// <summary>The name of the model's type, or null where it is not recorded.</summary>
    public string? ModelName => _record.Model?.Name;

    /// <summary>The number of the model's parameters, or null where it is not recorded.</summary>
    public long? Parameters => _record.Model?.Parameters;

    /// <summary>All options of training and model: columns <c>of</c> and <c>options</c>.</summary>
    public ReportTable Settings { get; }

    /// <summary>How the run ended, and what it took: columns <c>what</c> and <c>value</c>.</summary>
    public ReportTable Outcome
    {
        get
        {
            List<(string What, string Value)> entries =
            [
                ("outcome", OutcomeText),
                ("message", History.StopMessage ?? ""),
                ("epochs", Invariant($"{_record.EpochsDone:n0}")),
                ("optimizer steps", Invariant($"{_record.Steps:n0}")),
                ("seconds", Invariant($"{_record.Seconds:#,0.0}")),
                ("samples/s, last epoch", _record.Epochs is [.., var last] ? Invariant($"{last.SamplesPerSecond:#,0}") : ""),
                ("parameters", Parameters is long count ? Invariant($"{count:n0}") : ""),
                .. History.Warnings.Select(warning => ("warning", warning)),
            ];
            return new ReportTable(
                ["what", "value"],
                [.. entries.Where(entry => entry.Value.Length > 0).Select(entry => Row(entry.What, entry.Value))]
            );
        }
    }

    /// <summary>Each metric after the last epoch and at its best: columns <c>metric</c>, <c>last</c>, <c>best</c>, <c>at
    /// epoch</c>.</summary>
    public ReportTable Metrics =>
        new(
            ["metric", "last", "best", "at epoch"],
            [
                .. History.MetricNames.Select(name =>
                    Row(
                        DisplayText.Of(name),
                        History.Epochs.LastOrDefault(epoch => epoch[name] is not null)?[name] is double last
                            ? DisplayText.Number(last)
                            : "",
                        _record.Best?.GetValueOrDefault(name) is { } best ? DisplayText.Number(best.Value) : "",
                        _record.Best?.GetValueOrDefault(name) is { } at ? Invariant($"{at.Epoch}") : ""
                    )
                ),
            ]
        );

    /// <summary>Data, machine, versions and time: columns <c>what</c> and <c>value</c>.</summary>
    public ReportTable Environment { get; }

    /// <summary>The folder's pictures of what the model learned: filters, activations, their change over the epochs.</summary>
    public IReadOnlyList<RunReportPicture> Pictures { get; }

    /// <summary>The folder's pictures of its errors: confusion matrix, most confident errors.</summary>
    public IReadOnlyList<RunReportPicture> ErrorPictures { get; }

    /// <summary>Reads a run folder.</summary>
    /// <param name="runDirectory">The folder that holds <c>run.json</c>.</param>
    /// <exception cref="FileNotFoundException">There is no <c>run.json</c>.</exception>
    /// <exception cref="InvalidDataException">It is no record of a run.</exception>
    public static RunReport Open(string runDirectory)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(runDirectory);
        return new RunReport(runDirectory, RunRecord.Read(runDirectory), otherPictures: true);
    }

    /// <summary>Writes <c>report.html</c> into a run folder, from the files in it: for example again, when it has more
    /// pictures.</summary>
    /// <param name="runDirectory">The folder that holds <c>run.json</c>.</param>
    /// <exception cref="FileNotFoundException">There is no <c>run.json</c>.</exception>
    /// <exception cref="InvalidDataException">It is no record of a run.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string runDirectory) => Open(runDirectory).Write();

    /// <summary>Adds how the run ended and its metrics, as two tables.</summary>
    /// <param name="page">The page.</param>
    public void AddResult(ReportPage page)
    {
        ArgumentNullException.ThrowIfNull(page);
        if (Metrics.Rows.Count > 0)
        {
            page.Table(Metrics);
        }

        page.Table(Outcome);
    }

    /// <summary>Adds the table of all options.</summary>
    /// <param name="page">The page.</param>
    public void AddSettings(ReportPage page)
    {
        ArgumentNullException.ThrowIfNull(page);
        page.Table(Settings);
    }

    /// <summary>Adds a chart for each metric, with training, validation and test data in it.</summary>
    /// <param name="page">The page.</param>
    public void AddCurves(ReportPage page)
    {
        ArgumentNullException.ThrowIfNull(page);
        new RunCurves(History).AddTo(page);
    }

    /// <summary>Adds the pictures of what the model learned.</summary>
    /// <param name="page">The page.</param>
    public void AddPictures(ReportPage page) => Add(page, Pictures);

    /// <summary>Adds the confusion matrix and the most confident errors.</summary>
    /// <param name="page">The page.</param>
    public void AddErrors(ReportPage page) => Add(page, ErrorPictures);

    /// <summary>Adds data, machine and versions.</summary>
    /// <param name="page">The page.</param>
    public void AddEnvironment(ReportPage page)
    {
        ArgumentNullException.ThrowIfNull(page);
        page.Table(Environment);
    }

    internal void Write()
    {
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(_folder)));
        var page = new ReportPage(ModelName is null ? name : $"{ModelName}: {name}");
        AddResult(page.Section("Result"));
        AddSettings(page.Section("Settings"));
        AddCurves(page.Section("Curves"));
        if (Pictures.Count > 0)
        {
            AddPictures(page.Section("What it learned"));
        }

        if (ErrorPictures.Count > 0)
        {
            AddErrors(page.Section("Errors"));
        }

        AddEnvironment(page.Section("Data and machine"));
        Files(page.Section("Files"));
        page.Save(Path.Combine(_folder, FileName));
    }

    private string OutcomeText =>
        History.StopReason switch
        {
            StopReason.Completed => "completed",
            StopReason.StoppedEarly => "stopped early",
            StopReason.Running => "not over",
            StopReason.NonFinite => "diverged",
            StopReason.Cancelled => "cancelled",
            _ => "failed",
        };

    private void Add(ReportPage page, IReadOnlyList<RunReportPicture> pictures)
    {
        ArgumentNullException.ThrowIfNull(page);
        long room = MostPictureBytes;
        foreach (var (file, caption) in pictures)
        {
            string path = Path.Combine(_folder, file);
            room -= new FileInfo(path).Length;
            if (room > 0 && Picture.OfPng(File.ReadAllBytes(path)) is Picture picture)
            {
                page.Picture(picture, caption);
            }
            else
            {
                page.Html($"<p>{ReportPage.Text(caption)} {Link(file)}</p>");
            }
        }
    }

    /// <summary>Links to what stands beside the page. Event files are left out: their names have times in them.</summary>
    private void Files(ReportPage page)
    {
        string[] wanted = ["run.json", "metrics.csv", "events.jsonl", "curves.png", "activations.json"];
        string[] weights = ["checkpoints/best.safetensors", "checkpoints/last.safetensors"];
        var links = wanted.Concat(weights).Where(file => File.Exists(Path.Combine(_folder, file))).Select(Link);
        page.Html($"<p>{string.Join(", ", links)}</p>");
    }

    private static string Link(string file) =>
        $"<a href=\"{string.Join('/', file.Split('/').Select(Uri.EscapeDataString))}\">{ReportPage.Text(file)}</a>";

    private static string Text(OptionLeaf leaf) => $"{leaf.Name} {leaf.Value}".TrimStart();

    private static string[] Row(params string[] cells) => cells;

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
