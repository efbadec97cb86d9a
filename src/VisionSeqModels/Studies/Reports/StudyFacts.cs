using System.Globalization;
using VisionSeqModels.Core;
using VisionSeqModels.Runs;

namespace VisionSeqModels.Studies;

/// <summary>Data, machine, versions and times, from what the runs recorded. Where trials differ, each value is there with
/// its number of trials.</summary>
internal static class StudyFacts
{
    public static IReadOnlyList<(string Name, string Value)> Of(StudySummary summary)
    {
        List<RunRecord> runs = [.. summary.Trials.Select(trial => trial.Record).OfType<RunRecord>()];
        if (runs.Count == 0)
        {
            return [("runs", "none has begun")];
        }

        List<(string, string)> facts =
        [
            ("data", Each(runs, RunFacts.Data)),
            ("images", Each(runs, RunFacts.Images)),
            ("classes", Each(runs, RunFacts.Classes)),
            ("division", summary.File.Folds is StudyFolds folds ? $"{StudyFolds.Text(folds)}, the trial's seed added" : ""),
            ("device", Each(runs, run => run.Device)),
            ("threads a trial", Each(runs, run => Invariant($"{run.Threads}"))),
            ("trials at once", Invariant($"{summary.File.ParallelTrials}")),
            .. runs.SelectMany(run => run.Versions ?? [])
                .Select(entry => entry.Key)
                .Distinct()
                .Select(key => (RunFacts.NameOf(key), Each(runs, run => DisplayText.Value(run.Versions?[key])))),
            .. Times(runs),
        ];
        return [.. facts.Where(fact => fact.Item2.Length > 0)];
    }

    private static IEnumerable<(string, string)> Times(IReadOnlyList<RunRecord> runs)
    {
        yield return ("first trial begun", Time(runs.Min(run => run.Started)));

        // The record of a resumed run does not have the end of its last part.
        var ends = runs.Select(run =>
                (Time: run.Resumes.Count > 0 ? run.Resumes[^1].Time : End(run), IsSure: run.Resumes.Count == 0)
            )
            .ToList();
        var last = ends.MaxBy(end => end.Time);
        yield return ("last trial ended", (last.IsSure ? "" : "after ") + Time(last.Time));
        yield return ("seconds of all trials", runs.Sum(run => run.Seconds).ToString("#,0.0", CultureInfo.InvariantCulture));
        int resumed = runs.Count(run => run.Resumes.Count > 0);
        yield return ("resumed", resumed == 0 ? "" : DisplayText.Count(resumed, "trial"));
    }

    /// <summary>Start and seconds together, or the start alone where that is no time (a damaged record).</summary>
    private static DateTimeOffset End(RunRecord run) =>
        run.Seconds >= 0 && run.Seconds < (DateTimeOffset.MaxValue - run.Started).TotalSeconds - TimeSpan.SecondsPerDay
            ? run.Started.AddSeconds(run.Seconds)
            : run.Started;

    private static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Each(IReadOnlyList<RunRecord> runs, Func<RunRecord, string> fact)
    {
        var groups = runs.GroupBy(fact).ToList();
        return groups.Count == 1
            ? groups[0].Key
            : string.Join(
                "; ",
                groups.Select(group =>
                    $"{(group.Key.Length == 0 ? "unknown" : group.Key)} ({DisplayText.Count(group.Count(), "trial")})"
                )
            );
    }
}
