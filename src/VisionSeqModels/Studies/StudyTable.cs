using System.Globalization;

namespace VisionSeqModels.Studies;

/// <summary>The table of a study: a row a setting, the best value of each column marked.</summary>
internal sealed class StudyTable
{
    private readonly List<Column> _columns = [];

    public StudyTable(Study study, IReadOnlyList<StudySummary> settings, IReadOnlyList<string> factors, StudySummary first)
    {
        Settings = settings;
        Add("setting", setting => setting.Name);
        foreach (string factor in factors)
        {
            Add(factor, setting => setting.Rows[0].Factors.GetValueOrDefault(factor, ""));
        }

        Add($"final {study.Monitor}", setting => setting.FinalText, setting => setting.Mean, study.HigherIsBetter);
        Add($"best {study.Monitor}", setting => setting.BestText, setting => setting.BestMean, study.HigherIsBetter);
        Add("in epoch", setting => setting.BestEpochText);
        Add("epochs", setting => setting.EpochsText);
        Add("final loss", setting => setting.LossText, setting => setting.LossMean, higherIsBetter: false);
        Add("seconds", setting => setting.SecondsText, setting => setting.SecondsMean, higherIsBetter: false);
        Add("samples/s", setting => setting.SpeedText, setting => setting.SpeedMean, higherIsBetter: true);
        Add("parameters", setting => setting.ParametersText);
        if (first.Rows.Count > 1)
        {
            Add($"p against “{first.Name}”", setting => setting == first ? "" : setting.PText(first));
        }

        Add("outcome", setting => setting.OutcomeText);
    }

    public IReadOnlyList<StudySummary> Settings { get; }

    public IReadOnlyList<string> Names => [.. _columns.Select(column => column.Name)];

    public IReadOnlyList<IReadOnlyList<string>> Cells => [.. Settings.Select(setting => (IReadOnlyList<string>)[.. _columns.Select(column => column.Text(setting))])];

    /// <summary>Whether a cell is the best of its column, of those settings that ended well.</summary>
    public bool IsBest(int row, int column) => Settings[row] == _columns[column].Best;

    /// <summary>The table in Markdown, with the best in bold.</summary>
    public string Markdown()
    {
        static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).ReplaceLineEndings(" ");
        string Row(IReadOnlyList<string> cells, int row) => $"| {string.Join(" | ", cells.Select((cell, column) => IsBest(row, column) ? $"**{Cell(cell)}**" : Cell(cell)))} |\n";
        return string.Create(CultureInfo.InvariantCulture, $"| {string.Join(" | ", Names.Select(Cell))} |\n|{string.Concat(Names.Select(_ => " --- |"))}\n{string.Concat(Cells.Select(Row))}");
    }

    private void Add(string name, Func<StudySummary, string> text, Func<StudySummary, double?>? value = null, bool higherIsBetter = true)
    {
        var usable = value is null ? [] : Settings.Where(setting => setting.Mean is not null && value(setting) is not null).ToList();
        _columns.Add(new Column(name, text, usable.Count < 2 ? null : higherIsBetter ? usable.MaxBy(value!) : usable.MinBy(value!)));
    }

    private sealed record Column(string Name, Func<StudySummary, string> Text, StudySummary? Best);
}
