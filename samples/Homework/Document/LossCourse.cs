using System.Globalization;
using System.Text.Json.Nodes;

/// <summary>The training loss of a model's runs within the first epochs, as their events.jsonl have it.</summary>
internal sealed class LossCourse
{
    private const double Most = 0.9; // of the loss, left after a tenth of the first epoch, where it falls at once

    public LossCourse(HomeworkFolder folder, (string Model, string Study, string Setting) of)
    {
        Name = of.Model;
        var trials = folder.Trials(of.Study, of.Setting);
        int epochs = folder.Study("lstm-gru-sgd").Trials.Max(trial => trial.Final?.Epoch ?? 0);
        Runs = [.. trials.Select(trial => Read(folder.Of(of.Study, trial, "events.jsonl"), epochs))];
        StepsAnEpoch = trials.Count > 0 ? trials[0].History!.Epochs[0].Steps : 1;
    }

    public string Name { get; }

    public long StepsAnEpoch { get; }

    /// <summary>The steps between two points.</summary>
    public long Interval => Runs[0][0].Step;

    /// <summary>For each seed the mean loss since the point before.</summary>
    public IReadOnlyList<IReadOnlyList<(long Step, double Loss)>> Runs { get; }

    public Spread Start => Spread.Of(Runs.Select(run => (double?)run[0].Loss));

    /// <summary>The loss after a tenth of the first epoch, as a fraction of that at first.</summary>
    public Spread LeftAfterATenth =>
        Spread.Of(Runs.Select(run => (double?)run.First(point => point.Step >= StepsAnEpoch / 10).Loss / run[0].Loss));

    /// <summary>Whether a tenth of every seed's loss is gone after a tenth of the first epoch.</summary>
    public bool FallsAtOnce => LeftAfterATenth.Values.All(left => left <= Most);

    /// <summary>After how many steps each seed's loss is half of that at first; null for never.</summary>
    public IReadOnlyList<long?> HalfSteps =>
        [
            .. Runs.Select(run =>
                run.Where(point => point.Loss <= run[0].Loss / 2).Select(point => (long?)point.Step).FirstOrDefault()
            ),
        ];

    /// <summary>For example “after 120 to 180 steps”.</summary>
    public string HalfText =>
        HalfSteps.All(step => step is null) ? Invariant($"not within {Runs[0][^1].Step:n0} steps")
        : HalfSteps.Contains(null) ? Invariant($"after {HalfSteps.Min():n0} steps or not within {Runs[0][^1].Step:n0}")
        : HalfSteps.Min() == HalfSteps.Max() ? Invariant($"after {HalfSteps.Min():n0} steps")
        : Invariant($"after {HalfSteps.Min():n0} to {HalfSteps.Max():n0} steps");

    /// <summary>Whether every seed's loss is halved before that of another model with the same seed.</summary>
    public bool IsHalvedBefore(LossCourse other) =>
        HalfSteps.Zip(other.HalfSteps).All(pair => pair.First is long mine && mine < (pair.Second ?? long.MaxValue));

    private static IReadOnlyList<(long Step, double Loss)> Read(string path, int epochs) =>
        [
            .. from line in File.ReadLines(path)
            let entry = JsonNode.Parse(line)!
            where (string?)entry["event"] == "step" && (int)entry["epoch"]! <= epochs
            select ((long)entry["step"]!, (double)entry["train_loss"]!),
        ];

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
