using Microsoft.Extensions.Logging;
using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies;

/// <summary>Studies whose trials fail before they train: only what a study does around them happens.</summary>
internal static class FailingStudy
{
    public const string Reason = "no model";

    /// <summary>A plan of settings whose names are given.</summary>
    public static StudyPlan<int> List(params IReadOnlyList<string> names) =>
        StudyPlan.List([.. names.Select((name, i) => (name, i))]);

    public static Study Run(
        string folder,
        StudyPlan<int> plan,
        StudyOptions options,
        Func<int, StudyTrial>? make = null,
        FitData? data = null,
        ILogger? logger = null,
        CancellationToken cancellationToken = default
    ) =>
        Study.Run(
            folder,
            plan,
            (setting, _) => make?.Invoke(setting) ?? throw new InvalidOperationException(Reason),
            data ?? new FitData { Train = TinySequences.Create(12) },
            options with
            {
                ParallelTrials = options.ParallelTrials ?? 1,
                ThreadsPerTrial = 1,
            },
            logger,
            cancellationToken
        );

    /// <summary>A listener that keeps the reports of this process, and does something at each.</summary>
    public static IProgress<StudyProgress> Hear(List<StudyProgress> heard, Action<StudyProgress>? act = null) =>
        new Listener(report =>
        {
            lock (heard)
            {
                heard.Add(report);
            }

            act?.Invoke(report);
        });
}
