using VisionSeqModels.Core;

namespace VisionSeqModels.Training;

/// <summary>Callbacks that cannot be in one run together.</summary>
internal static class CallbackConflicts
{
    public static void AddTo(OptionFaults faults, IEnumerable<Callback> callbacks)
    {
        string[] final = [.. callbacks.Where(one => one.SetsFinalWeights).Select(one => one.GetType().Name)];
        if (final.Length > 1)
        {
            faults.Add(
                $"Callbacks must leave the final weights to one of them, but {string.Join(" and ", final)} would set them: "
                    + "set RestoreBestWeights or ApplyAtEnd to false for all but one."
            );
        }

        foreach (
            var same in callbacks
                .OfType<IEvaluatedWeights>()
                .Where(weights => weights.MetricSuffix is not null)
                .GroupBy(weights => weights.MetricSuffix)
                .Where(group => group.Count() > 1)
        )
        {
            faults.Add(
                $"Callbacks must give each metric once, but {same.Count()} {same.First().GetType().Name} would give those that "
                    + $"end in '{same.Key}': set EvaluateEachEpoch to false for all but one."
            );
        }
    }
}
