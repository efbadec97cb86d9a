using VisionSeqModels;
using VisionSeqModels.Studies;

/// <summary>A study as the board shows it: how many of its trials are over, and what is left to do.</summary>
internal sealed class BoardRow(string name, IReadOnlyList<double> costs, Action<string> say) : IProgress<StudyProgress>
{
    private const string Accuracy = "test accuracy ";
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

    /// <summary>The trials under way, a line each, for example “epoch 3/10: LSTM 64, seed 2”; else how the last one
    /// ended.</summary>
    /// <param name="isShort">Without what is of which setting.</param>
    public IReadOnlyList<string> Now(bool isShort)
    {
        lock (_underWay)
        {
            return _underWay.Count > 0 ? [.. _underWay.Values.OrderBy(trial => trial.Trial).Select(trial => Line(trial, isShort))]
                : isShort && Last.StartsWith(Accuracy, StringComparison.Ordinal) ? [Last[Accuracy.Length..]]
                : [Last];
        }
    }

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
        trial.Epochs == 0 ? 0 : Math.Clamp((trial.Epoch - 1 + OfEpoch(trial)) / trial.Epochs, 0, 1);

    /// <summary>The fraction of the epoch's training that is done: all of it where the evaluation is under way.</summary>
    private static double OfEpoch(StudyProgress trial) =>
        trial.Event is TrialEvent.Evaluating or TrialEvent.EpochEnd ? 1 : trial.EpochFraction ?? 0;

    private static string Line(StudyProgress trial, bool isShort)
    {
        string which = isShort ? "" : $"{trial.Setting}, seed {trial.Seed}",
            epoch = trial.Epochs == 0 ? "" : $"{Math.Max(trial.Epoch, 1)}/{trial.Epochs}{Doing(trial)}";
        return isShort ? epoch
            : epoch.Length == 0 ? which
            : $"epoch {epoch}: {which}";
    }

    private static string Doing(StudyProgress trial) => trial.Event == TrialEvent.Evaluating ? ", evaluation" : "";

    private static string Outcome(StudyProgress trial) =>
        trial.Outcome == StopReason.Completed && trial.Record?["test_accuracy"] is double accuracy
            ? FormattableString.Invariant($"{Accuracy}{accuracy:f4}")
            : $"{trial.Outcome}: {trial.Reason}";
}
