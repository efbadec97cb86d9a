using VisionSeqModels.Core;
using VisionSeqModels.Drawing;

namespace VisionSeqModels.Studies;

/// <summary>The table of settings: what each is, how well it did, and what it cost.</summary>
internal sealed class StudyTable
{
    private const int LongestName = 24;
    private readonly IReadOnlyList<SettingSummary> _settings;
    private readonly List<Column> _columns;

    public StudyTable(StudySummary summary, StudyConclusion conclusion)
    {
        var study = summary.File;
        _settings = summary.Settings;
        string monitor = DisplayText.Of(study.Monitor),
            loss = summary.Loss;
        bool higher = study.HigherIsBetter;
        _columns = [new("setting", setting => setting.Name) { Place = 0 }, .. Factors(summary)];
        _columns.Add(
            Measured($"final {monitor}", setting => setting.Final, higher) with
            {
                Text = setting => setting.FinalText,
                Place = 1,
            }
        );
        _columns.Add(Measured($"best {monitor}", setting => setting.Best, higher) with { IsFolded = true });
        _columns.Add(new("at epoch", setting => setting.BestEpoch) { IsFolded = true });
        if (_settings.Select(setting => setting.EpochsDone).Distinct().Count() > 1)
        {
            _columns.Add(new("epochs", setting => setting.EpochsDone));
        }

        if (loss != study.Monitor)
        {
            _columns.Add(Measured($"final {DisplayText.Of(loss)}", setting => setting.Last(loss), false));
        }

        _columns.Add(Measured("seconds", setting => setting.Seconds, false, "#,0.0"));
        _columns.Add(Measured("samples/s", setting => setting.SamplesPerSecond, true, "#,0") with { IsFolded = true });
        _columns.Add(new("parameters", setting => setting.Parameters) { IsFolded = true });
        if (summary.HasRepeats && conclusion.Factors.Any(factor => factor.Setting.Length > 0))
        {
            var (first, verdicts) = (summary.First, conclusion.Factors.ToDictionary(factor => factor.Setting));
            _columns.Add(
                new(
                    $"against {(first.Name.Length <= LongestName ? $"“{first.Name}”" : "the first")}",
                    setting => verdicts.GetValueOrDefault(setting.Name)?.Summary ?? ""
                )
                {
                    Place = 2,
                }
            );
        }

        _columns.Add(new("outcome", setting => setting.Outcome));
    }

    public IReadOnlyList<string> Columns => [.. _columns.Select(column => column.Title)];

    public IReadOnlyList<IReadOnlyList<string>> Cells =>
        [.. _settings.Select(setting => (IReadOnlyList<string>)[.. _columns.Select(column => column.Text(setting))])];

    /// <summary>The table of the page: result and verdict right after the setting, details folded.</summary>
    /// <param name="link">Where a setting's name leads.</param>
    public PageTable OnPage(Func<SettingSummary, string?> link)
    {
        int[] order = [.. Enumerable.Range(0, _columns.Count).OrderBy(i => _columns[i].Place)];
        return new PageTable(
            [.. order.Select(i => _columns[i].Title)],
            [.. Cells.Select(cells => (IReadOnlyList<string>)[.. order.Select(i => cells[i])])]
        )
        {
            Best = (row, column) => IsBest(row, order[column]),
            Link = row => link(_settings[row]),
            IsFolded = column => _columns[order[column]].IsFolded,
            HasTools = true,
        };
    }

    /// <summary>Whether a cell has the best value of its column; where all are the same there is none.</summary>
    public bool IsBest(int row, int column)
    {
        var measure = _columns[column].Measure;
        if (measure is null || !_settings[row].HasEnded || measure(_settings[row]) is not double value)
        {
            return false;
        }

        double[] all = [.. _settings.Where(setting => setting.HasEnded).Select(measure).OfType<double>()];
        return all.Distinct().Count() > 1 && value == (_columns[column].HigherIsBetter ? all.Max() : all.Min());
    }

    /// <summary>Factors with more than one value, unless they are no more than the setting's name.</summary>
    private static IEnumerable<Column> Factors(StudySummary summary) =>
        summary
            .Varied.Where(name =>
                summary.Settings.Any(setting => setting.Trials[0].Factors.GetValueOrDefault(name) != setting.Name)
            )
            .Select(name => new Column(name, setting => setting.Trials[0].Factors.GetValueOrDefault(name, "")));

    private static Column Measured(
        string title,
        Func<SettingSummary, MeanAndStd> measure,
        bool higherIsBetter,
        string? format = null
    ) => new(title, setting => measure(setting).Text(format), setting => measure(setting).Mean, higherIsBetter);

    private sealed record Column(
        string Title,
        Func<SettingSummary, string> Text,
        Func<SettingSummary, double?>? Measure = null,
        bool HigherIsBetter = false
    )
    {
        /// <summary>The less, the earlier it stands on the page.</summary>
        public int Place { get; init; } = 3;

        public bool IsFolded { get; init; }
    }
}
