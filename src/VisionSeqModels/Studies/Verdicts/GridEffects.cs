namespace VisionSeqModels.Studies;

/// <summary>A grid's main effects and interactions: for each seed the mean over the other factors, then tests over the
/// seeds.</summary>
/// <remarks>Each is a contrast of its own, so nothing is assumed about how spreads and correlations compare, as an analysis of
/// variance with repeated measures would. All of them are one family.</remarks>
internal sealed class GridEffects
{
    private readonly StudySummary _summary;
    private readonly IReadOnlyList<(string Name, IReadOnlyList<string> Values)> _factors;
    private readonly List<(long Seed, int? Fold)> _blocks;

    public GridEffects(StudySummary summary)
    {
        _summary = summary;
        _factors =
        [
            .. summary.Varied.Select(name =>
                (name, (IReadOnlyList<string>)[.. summary.Planned.Select(setting => ValueOf(setting, name)).Distinct()])
            ),
        ];
        _blocks = [.. summary.Trials.Select(trial => (trial.Seed, trial.Fold)).Distinct()];
        var main = (
            from factor in _factors
            from value in factor.Values.Skip(1)
            select (factor.Name, value, Contrast: Of((1, [(factor.Name, value)]), (-1, [(factor.Name, factor.Values[0])])))
        ).ToList();
        var pairs = (
            from i in Enumerable.Range(0, _factors.Count)
            from k in Enumerable.Range(i + 1, _factors.Count - i - 1)
            let a = _factors[i]
            let b = _factors[k]
            from first in a.Values.Skip(1)
            from second in b.Values.Skip(1)
            select (
                a.Name,
                Value: first,
                Other: b.Name,
                OtherValue: second,
                Contrast: Of(
                    (1, [(a.Name, first), (b.Name, second)]),
                    (-1, [(a.Name, first), (b.Name, b.Values[0])]),
                    (-1, [(a.Name, a.Values[0]), (b.Name, second)]),
                    (1, [(a.Name, a.Values[0]), (b.Name, b.Values[0])])
                )
            )
        ).ToList();
        var judged = JudgedPairs.Family(
            summary,
            [.. main.Select(entry => entry.Contrast).Concat(pairs.Select(entry => entry.Contrast)).Select(Sample)]
        );
        Factors =
        [
            .. main.Select(
                (entry, i) =>
                    new FactorVerdict(judged[i], summary.File.HigherIsBetter)
                    {
                        Factor = entry.Name,
                        Value = entry.value,
                        BaseValue = _factors.First(factor => factor.Name == entry.Name).Values[0],
                        AveragedOver = [.. _factors.Select(factor => factor.Name).Where(name => name != entry.Name)],
                        Metric = summary.File.Monitor,
                        Mean = entry.Contrast.Means?[0],
                        BaseMean = entry.Contrast.Means?[1],
                        LeftOut = entry.Contrast.WithoutResult,
                    }
            ),
        ];
        Interactions =
        [
            .. pairs.Select(
                (entry, i) =>
                    new InteractionVerdict(judged[main.Count + i])
                    {
                        Factor = entry.Name,
                        Value = entry.Value,
                        OtherFactor = entry.Other,
                        OtherValue = entry.OtherValue,
                        Metric = summary.File.Monitor,
                        Scale = entry.Contrast.Means?.Max(Math.Abs) ?? 0,
                        LeftOut = entry.Contrast.WithoutResult,
                    }
            ),
        ];
        Maps = [.. GridMap.Of(summary, _factors)];
    }

    public IReadOnlyList<FactorVerdict> Factors { get; }

    public IReadOnlyList<InteractionVerdict> Interactions { get; }

    /// <summary>For each two factors the means of the metric.</summary>
    public IReadOnlyList<GridMap> Maps { get; }

    internal static string ValueOf(SettingSummary setting, string factor) =>
        setting.Trials[0].Factors.GetValueOrDefault(factor, "");

    private (PairedSample Sample, int AllPairs) Sample(Contrast contrast) =>
        (
            new PairedSample(contrast.Differences, _summary.File.Folds is StudyFolds folds ? 1.0 / (folds.Count - 1) : 0),
            _blocks.Count
        );

    /// <summary>A weighted sum of means, each over the settings that have some values; for each seed that has all of
    /// them.</summary>
    private Contrast Of(params IReadOnlyList<(int Weight, (string Factor, string Value)[] Where)> parts)
    {
        List<SettingSummary>[] settings =
        [
            .. parts.Select(part =>
                _summary.Planned.Where(setting => part.Where.All(at => ValueOf(setting, at.Factor) == at.Value)).ToList()
            ),
        ];
        var whole = _blocks.FindAll(block => settings.All(group => group.TrueForAll(one => one.Finals.ContainsKey(block))));
        double Mean(int part, (long, int?) block) => settings[part].Average(setting => setting.Finals[block]);
        return new Contrast(
            [.. whole.Select(block => parts.Select((part, i) => part.Weight * Mean(i, block)).Sum())],
            whole.Count == 0 ? null : [.. parts.Select((_, i) => whole.Average(block => Mean(i, block)))],
            [
                .. settings
                    .SelectMany(group => group)
                    .SelectMany(setting => setting.Trials)
                    .Where(trial => trial.Score is null)
                    .Select(_summary.NameWithOutcome)
                    .Distinct(),
            ]
        );
    }

    private sealed record Contrast(
        IReadOnlyList<double> Differences,
        IReadOnlyList<double>? Means,
        IReadOnlyList<string> WithoutResult
    );
}
