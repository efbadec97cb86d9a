using System.Globalization;
using VisionSeqModels.Core;
using VisionSeqModels.Runs;

namespace VisionSeqModels.Studies;

/// <summary>What differed between the trials and what was the same in all, from the options that each of them recorded.</summary>
internal sealed class OptionComparison
{
    private const int MostValues = 8;
    private const int MostNames = 2;
    private const string NoFactor = "none";

    private OptionComparison(IReadOnlyList<(string, string)> held, IReadOnlyList<(string, string, string)> differing) =>
        (Held, Differing) = (held, differing);

    /// <summary>What was the same in all trials: for training, optimizer, model … a list as text.</summary>
    public IReadOnlyList<(string Group, string Options)> Held { get; }

    /// <summary>What was not, its values with the settings that had them, and the factor that it goes with.</summary>
    public IReadOnlyList<(string Option, string Values, string Factor)> Differing { get; }

    /// <summary>What to say where options differ that no factor accounts for; null where there are none.</summary>
    public string? Warning =>
        Differing.Any(entry => entry.Factor == NoFactor)
            ? "These differ, though they go with no factor: "
                + $"{string.Join(", ", Differing.Where(entry => entry.Factor == NoFactor).Select(entry => entry.Option))}. "
                + "What is compared may be their doing."
            : null;

    public static OptionComparison Of(StudySummary summary)
    {
        var trials = summary
            .Trials.Where(trial => trial.Record is not null)
            .Select(trial => (Result: trial, Leaves: LeavesOf(trial.Record!)))
            .ToList();
        var held = new List<OptionLeaf>();
        var differing = new List<(string, string, string)>();
        foreach (var key in trials.SelectMany(trial => trial.Leaves.Keys).Distinct())
        {
            var having = trials.FindAll(trial => trial.Leaves.ContainsKey(key));
            var values = having.ConvertAll(trial => (trial.Result, trial.Leaves[key].Value));
            var leaf = having[0].Leaves[key];
            if (values.DistinctBy(entry => entry.Value).Count() > 1)
            {
                differing.Add((leaf.FullName, Values(values), FactorOf(summary, values)));
            }
            else if (having.Count == trials.Count)
            {
                held.Add(leaf);
            }
            else
            {
                // An option of some kinds only, for example of one of two optimizers.
                string[] kinds =
                [
                    .. having.Select(trial => trial.Leaves.GetValueOrDefault((key.Group, ""))?.Value ?? "").Distinct(),
                ];
                string kind = kinds is [{ Length: > 0 } only] ? only : "where there is one";
                held.Add(leaf with { Value = $"{leaf.Value} ({kind})" });
            }
        }

        return new OptionComparison(
            [
                .. held.GroupBy(leaf => leaf.Group)
                    .Select(group =>
                        (group.Key, string.Join(", ", group.Select(leaf => $"{leaf.Name} {leaf.Value}".TrimStart())))
                    ),
            ],
            differing
        );
    }

    private static Dictionary<(string Group, string Name), OptionLeaf> LeavesOf(RunRecord record) =>
        OptionLeaf.Of(record).DistinctBy(leaf => (leaf.Group, leaf.Name)).ToDictionary(leaf => (leaf.Group, leaf.Name));

    /// <summary>The factor each value of which goes with one value of the option. Where there are several, it is the one
    /// with as many values as the option.</summary>
    private static string FactorOf(StudySummary summary, List<(TrialResult Result, string Value)> values)
    {
        int count = values.DistinctBy(entry => entry.Value).Count();
        var factors = summary
            .Varied.Select(name =>
                (Name: name, Labels: values.GroupBy(entry => entry.Result.Factors.GetValueOrDefault(name, "")))
            )
            .Where(factor => factor.Labels.All(label => label.DistinctBy(entry => entry.Value).Count() == 1));
        return factors
            .OrderBy(factor => Math.Abs(factor.Labels.Count() - count))
            .Select(factor => factor.Name)
            .FirstOrDefault(NoFactor);
    }

    private static string Values(List<(TrialResult Result, string Value)> values)
    {
        var groups = values.GroupBy(entry => entry.Value).ToList();
        if (groups.Count > MostValues && groups.All(group => IsNumber(group.Key, out _)))
        {
            var ordered = groups.OrderBy(group => IsNumber(group.Key, out double number) ? number : 0).ToList();
            return $"{ordered.Count} values from {ordered[0].Key} to {ordered[^1].Key}";
        }

        string more = groups.Count > MostValues ? $"; and {groups.Count - MostValues} more" : "";
        return string.Join("; ", groups.Take(MostValues).Select(group => $"{group.Key} ({Where(group)})")) + more;
    }

    private static string Where(IEnumerable<(TrialResult Result, string Value)> entries)
    {
        string[] names = [.. entries.Select(entry => entry.Result.Setting).Distinct()];
        return names.Length <= MostNames ? string.Join(", ", names) : DisplayText.Count(names.Length, "setting");
    }

    private static bool IsNumber(string text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);
}
