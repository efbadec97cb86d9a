using System.Globalization;

namespace VisionSeqModels.Studies;

/// <summary>What differed between the trials and what was the same in all, from the options that each of them recorded.</summary>
internal sealed class OptionComparison
{
    private const int MostValues = 8;
    private const int MostNames = 2;
    private const string NoFactor = "none";

    public OptionComparison(StudyReport report)
    {
        var trials = report
            .Runs.Select(run =>
                (
                    run.Row,
                    Leaves: OptionLeaf
                        .Of(run.Json)
                        .DistinctBy(leaf => (leaf.Group, leaf.Name))
                        .ToDictionary(leaf => (leaf.Group, leaf.Name))
                )
            )
            .ToList();
        var held = new List<OptionLeaf>();
        var differing = new List<(string, string, string)>();
        foreach (var key in trials.SelectMany(trial => trial.Leaves.Keys).Distinct())
        {
            var having = trials
                .Where(trial => trial.Leaves.ContainsKey(key))
                .Select(trial => (trial.Row, Leaf: trial.Leaves[key]))
                .ToList();
            if (having.DistinctBy(entry => entry.Leaf.Value).Count() > 1)
            {
                var values = having.Select(entry => (entry.Row, entry.Leaf.Value)).ToList();
                differing.Add((having[0].Leaf.FullName, Values(values), Follows(report, values)));
            }
            else if (having.Count == trials.Count)
            {
                held.Add(having[0].Leaf);
            }
            else
            {
                string[] kinds =
                [
                    .. trials
                        .Where(trial => trial.Leaves.ContainsKey(key))
                        .Select(trial => trial.Leaves.GetValueOrDefault((key.Group, ""))?.Value ?? "")
                        .Distinct(),
                ];
                held.Add(
                    having[0].Leaf with
                    {
                        Value = $"{having[0].Leaf.Value} ({(kinds is [{ Length: > 0 } kind] ? kind : "where there is one")})",
                    }
                );
            }
        }

        Held =
        [
            .. held.GroupBy(leaf => leaf.Group)
                .Select(group => (group.Key, string.Join(", ", group.Select(leaf => $"{leaf.Name} {leaf.Value}".TrimStart())))),
        ];
        Differing = differing;
    }

    /// <summary>What was the same in all trials: for training, optimizer, model … a list in words.</summary>
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

    /// <summary>The factor each value of which goes with one value of the option; the one with as many values as the
    /// option, where there are several.</summary>
    private static string Follows(StudyReport report, List<(TrialResult Row, string Value)> values)
    {
        int count = values.DistinctBy(entry => entry.Value).Count();
        var factors = report
            .Varied.Select(name => (Name: name, Labels: values.GroupBy(entry => entry.Row.Factors.GetValueOrDefault(name, ""))))
            .Where(factor => factor.Labels.All(label => label.DistinctBy(entry => entry.Value).Count() == 1));
        return factors
            .OrderBy(factor => Math.Abs(factor.Labels.Count() - count))
            .Select(factor => factor.Name)
            .FirstOrDefault(NoFactor);
    }

    private static string Values(List<(TrialResult Row, string Value)> values)
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

    private static string Where(IEnumerable<(TrialResult Row, string Value)> entries)
    {
        string[] names = [.. entries.Select(entry => entry.Row.Setting).Distinct()];
        return names.Length <= MostNames ? string.Join(", ", names) : DisplayText.Count(names.Length, "setting");
    }

    private static bool IsNumber(string text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);
}
