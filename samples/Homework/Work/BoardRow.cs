using VisionSeqModels;
using VisionSeqModels.Studies;

/// <summary>A study as the board shows it: how many of its trials are over, and what is left to do.</summary>
internal sealed class BoardRow(string name, IReadOnlyList<double> costs, Action<string> say) : IProgress<StudyProgress>
{
    private readonly Dictionary<int, StudyProgress> _underWay = [];
    private readonly double[] _done = new double[costs.Count]; // the fraction of each trial
    private readonly double[] _before = new double[costs.Count]; // what of it was done by an earlier run

    public string Name => name;

    public int Over { get; private set; }

    public int Count => costs.Count;

    /// <summary>What it costs in all.</summary>
    public double Cost => costs.Sum();

    /// <summary>What is done of it.</summary>
    public double Done => costs.Zip(_done, (cost, done) => cost * done).Sum();

    /// <summary>What is done of it by this run of the program.</summary>
    public double DoneNow => costs.Select((cost, i) => cost * (_done[i] - _before[i])).Sum();

    /// <summary>The trials under way, for example “LSTM 64, seed 2: epoch 3/10”.</summary>
    public IReadOnlyList<string> UnderWay => [.. _underWay.Values.OrderBy(trial => trial.Trial).Select(Short)];

    /// <summary>The metrics of the trial that ended last.</summary>
    public string Last { get; private set; } = "";

    public void Report(StudyProgress value)
    {
        lock (_underWay)
        {
            int i = value.Trial - 1;
            switch (value.Event)
            {
                case TrialEvent.DoneBefore:
                    (_done[i], _before[i]) = (1, 1);
                    Over++;
                    return;
                case TrialEvent.Ended:
                    _underWay.Remove(value.Trial);
                    _done[i] = value.Outcome == StopReason.Cancelled ? _done[i] : 1;
                    Over++;
                    Last = Outcome(value);
                    break;
                default:
                    bool isFirst = !_underWay.TryGetValue(value.Trial, out var last) || last.Epochs == 0;
                    _underWay[value.Trial] = value;
                    _done[i] = Fraction(value);
                    _before[i] = isFirst && value.Epochs > 0 ? Math.Max(0, value.Epoch - 1.0) / value.Epochs : _before[i];
                    break;
            }
        }

        if (value.Event == TrialEvent.Ended)
        {
            say($"{name}, trial {value.Trial} of {value.TrialCount}: {value.Setting}, seed {value.Seed}: {Last}");
        }
    }

    private static double Fraction(StudyProgress trial) =>
        trial.Epochs == 0 ? 0 : (Math.Max(0, trial.Epoch - 1) + (trial.EpochFraction ?? 0)) / trial.Epochs;

    private static string Short(StudyProgress trial) =>
        trial.Epochs == 0
            ? $"{trial.Setting}, seed {trial.Seed}"
            : $"{trial.Setting}, seed {trial.Seed}: epoch {trial.Epoch}/{trial.Epochs}";

    private static string Outcome(StudyProgress trial) =>
        trial.Outcome == StopReason.Completed && trial.Record?["test_accuracy"] is double accuracy
            ? FormattableString.Invariant($"test accuracy {accuracy:f4}")
            : $"{trial.Outcome}: {trial.Reason}";
}
