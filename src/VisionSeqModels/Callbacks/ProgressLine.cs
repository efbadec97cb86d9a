using System.Globalization;
using VisionSeqModels.Core;

namespace VisionSeqModels;

/// <summary>What the live line of a run says. In a narrow terminal it says less, what matters least first.</summary>
internal sealed record ProgressLine
{
    private const int MostBar = 24;
    private const int LeastBar = 8;

    public required int Epoch { get; init; }

    public required int Epochs { get; init; }

    /// <summary>The fraction that is done of the epoch's training or of the evaluation, 0..1; null where it is not
    /// known.</summary>
    public double? Fraction { get; init; }

    /// <summary>Steps, or in an evaluation batches.</summary>
    public int Step { get; init; }

    public double? SamplesPerSecond { get; init; }

    public double? TrainLoss { get; init; }

    /// <summary>Which data is evaluated: <c>val</c> or <c>test</c>; null while the model trains.</summary>
    public string? Evaluated { get; init; }

    /// <summary>The time to the end of the run, or null where it is not known.</summary>
    public TimeSpan? Remaining { get; init; }

    /// <summary>The line in at most so many characters.</summary>
    public string Fit(int room)
    {
        string head = Text($"epoch {Epoch}/{Epochs}"),
            place = Fraction is double done ? Text($" {Math.Floor(100 * done), 3:f0}%") : Text($"  step {Step}");
        foreach (string tail in Tails())
        {
            int bar = Math.Min(MostBar, room - head.Length - " []".Length - place.Length - tail.Length);
            if (Fraction is double fraction && bar >= LeastBar)
            {
                int filled = (int)(fraction * bar);
                return $"{head} [{new string('#', filled)}{new string('.', bar - filled)}]{place}{tail}";
            }

            if (head.Length + place.Length + tail.Length <= room)
            {
                return head + place + tail;
            }
        }

        return LiveLine.Cut(head + place, room);
    }

    /// <summary>What follows, from the most to the least.</summary>
    private IEnumerable<string> Tails()
    {
        string eta = Remaining is TimeSpan left ? $"  ETA {ClockText.Of(left)}" : "",
            rate = SamplesPerSecond is double speed ? Text($"  {speed:f0} samples/s") : "",
            loss = TrainLoss is double value ? Text($"  train_loss {value:f4}") : "";
        return Evaluated is null
            ? [rate + loss + eta, loss + eta, eta]
            :
            [
                $"  evaluating on {(Evaluated == "val" ? "validation" : Evaluated)} data{eta}",
                $"  evaluating{eta}",
                "  evaluating",
            ];
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
