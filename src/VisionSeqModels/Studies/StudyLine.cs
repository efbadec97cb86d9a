using System.Globalization;
using VisionSeqModels.Core;

namespace VisionSeqModels.Studies;

/// <summary>What the live line of a study says: how much is over, the time left, and as many trials under way as there is room
/// for.</summary>
internal static class StudyLine
{
    public static string Fit(int over, int count, TimeSpan? left, IReadOnlyCollection<StudyProgress> trials, int room)
    {
        string eta = left is TimeSpan time ? $"  ETA {ClockText.Of(time)}" : "",
            line = Text($"{over} of {count} over{eta}");
        if (line.Length > room)
        {
            return LiveLine.Cut(line, room);
        }

        int shown = 0;
        foreach (var trial in trials)
        {
            string next = Short(trial),
                rest = shown + 1 < trials.Count ? More(trials.Count - shown - 1) : "";
            if (line.Length + next.Length + rest.Length > room)
            {
                string more = More(trials.Count - shown);
                return line.Length + more.Length <= room ? line + more : line;
            }

            line += next;
            shown++;
        }

        return line;
    }

    private static string Short(StudyProgress trial)
    {
        string epochs = trial.Epochs == 0 ? "?" : Text($"{trial.Epochs}"),
            doing = trial.Event == TrialEvent.Evaluating ? "eval" : Text($"{Math.Floor(100 * (trial.EpochFraction ?? 0)):f0}%");
        return Text($" | {trial.Trial}: {Math.Max(trial.Epoch, 1)}/{epochs} {doing, 4}");
    }

    private static string More(int count) => Text($" | +{count}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
