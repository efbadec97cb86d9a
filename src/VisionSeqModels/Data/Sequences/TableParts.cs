namespace VisionSeqModels.Data;

/// <summary>Divides the samples of a table into a training part and a test part.</summary>
internal sealed class TableParts
{
    private readonly IReadOnlyList<TableSeries> _series;
    private readonly SequenceTableOptions _options;
    private readonly int[] _trainingSteps; // of each sequence: how many, from its first

    public TableParts(IReadOnlyList<TableSeries> series, SequenceTableOptions options)
    {
        (_series, _options) = (series, options);
        _trainingSteps = options.Split == TableSplit.Time ? StepsBefore() : StepsOfDrawn();
        foreach (var sample in series.SelectMany((one, i) => Samples(one, i)))
        {
            Add(sample);
        }
    }

    /// <summary>The samples for training.</summary>
    public List<TableSample> Train { get; } = [];

    /// <summary>The samples for testing.</summary>
    public List<TableSample> Test { get; } = [];

    /// <summary>How many samples are in neither part.</summary>
    public int LeftOut { get; private set; }

    /// <summary>How many steps of a sequence, from its first, belong to the training part.</summary>
    public int TrainingSteps(int series) => _trainingSteps[series];

    private void Add(TableSample sample)
    {
        int values = _options.Forecast?.Count ?? 0;
        var target = _series[sample.Series].Values.AsSpan(sample.Target * values, values);
        bool isComplete = !target.ContainsAnyExceptInRange(float.MinValue, float.MaxValue);
        int split = _trainingSteps[sample.Series];
        if (isComplete && Math.Max(sample.Target, sample.Begin + sample.Length - 1) < split)
        {
            Train.Add(sample);
        }
        else if (isComplete && sample.Begin >= split)
        {
            Test.Add(sample);
        }
        else
        {
            LeftOut++;
        }
    }

    private IEnumerable<TableSample> Samples(TableSeries series, int index)
    {
        if (_options.Forecast is null)
        {
            yield return new TableSample(index, 0, series.Count, 0);
            yield break;
        }

        for (long begin = 0; begin + _options.Window - 1 + _options.Horizon < series.Count; begin += _options.Stride)
        {
            int first = (int)begin;
            yield return new TableSample(index, first, _options.Window, first + _options.Window - 1 + _options.Horizon);
        }
    }

    private int[] StepsBefore()
    {
        if (_options.Order is null)
        {
            return [.. _series.Select(series => (int)Math.Round(series.Count * (1 - _options.TestFraction)))];
        }

        OrderKey[] all = [.. _series.SelectMany(series => series.Keys).Order()];
        var split = all[Math.Min((int)Math.Round(all.Length * (1 - _options.TestFraction)), all.Length - 1)];
        return [.. _series.Select(series => series.Keys.Count(key => key.CompareTo(split) < 0))];
    }

    private int[] StepsOfDrawn()
    {
        int[]? labels =
            _options.Class is null || _options.TargetEachStep ? null : [.. _series.Select(series => series.Classes[0])];
        long[]? groups = null;
        if (_options.Group is not null)
        {
            var numbers = new Dictionary<string, long>(StringComparer.Ordinal);
            groups =
            [
                .. _series.Select(series =>
                    numbers.TryAdd(series.Group!, numbers.Count) ? numbers.Count - 1 : numbers[series.Group!]
                ),
            ];
        }

        bool[] isTest = SequenceSplit.Of(_series.Count, labels, groups, _options.TestFraction, _options.Seed);
        return [.. _series.Select((series, i) => isTest[i] ? 0 : series.Count)];
    }
}
