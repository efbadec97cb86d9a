using System.Globalization;
using VisionSeqModels.Core;

namespace VisionSeqModels.Studies;

/// <summary>Which factors matter in a search: how much of the metric's variance each accounts for by itself.</summary>
/// <remarks>A random forest of 100 trees is fitted to the settings' final metric, and its variance divided among the factors
/// (functional analysis of variance). Source: Hutter, Hoos, Leyton-Brown: An Efficient Approach for Assessing Hyperparameter
/// Importance (2014). It is the same for the same trials.</remarks>
public sealed class SearchImportance
{
    /// <summary>From how many settings with a result on there is one.</summary>
    internal const int LeastSettings = 10;

    private SearchImportance(string metric, int settings, IReadOnlyList<(string, double)> factors, double explained) =>
        (Metric, Settings, Factors, Explained) = (metric, settings, factors, explained);

    /// <summary>The metric.</summary>
    public string Metric { get; }

    /// <summary>How many settings have a result.</summary>
    public int Settings { get; }

    /// <summary>The factors, the most important first, each with the fraction of the forest's variance that it accounts for by
    /// itself, in 0 to 1. What they leave of 1 is due to factors together.</summary>
    public IReadOnlyList<(string Factor, double Fraction)> Factors { get; }

    /// <summary>The fraction of the variance between settings that trees explain which have not seen them (out of bag). Near 0 or
    /// below it, <see cref="Factors"/> says nothing.</summary>
    public double Explained { get; }

    /// <summary>All of it in a few plain sentences.</summary>
    public string Sentence
    {
        get
        {
            string metric = DisplayText.Of(Metric);
            if (Explained <= 0)
            {
                return string.Create(
                    CultureInfo.InvariantCulture,
                    $"Which factor matters cannot be said from {Settings} settings: a random forest predicts the "
                        + $"final {metric} of those that it has not seen no better than their mean does."
                );
            }

            string each = string.Join(", ", Factors.Select(factor => Invariant($"{factor.Factor} {factor.Fraction:0.00}"))),
                rest = Invariant($"{Math.Max(0, 1 - Factors.Sum(factor => factor.Fraction)):0.00}");
            return string.Create(
                CultureInfo.InvariantCulture,
                $"Importance for the final {metric}: {each}; several together {rest}. These are fractions of the variance that a "
                    + $"random forest finds between {Settings} settings (fANOVA); its trees explain {100 * Explained:0} % of "
                    + $"that between settings that they have not seen."
            );
        }
    }

    /// <inheritdoc cref="Sentence"/>
    public override string ToString() => Sentence;

    /// <summary>That of a study; null where too few settings have a result, or no factor varies among them.</summary>
    internal static SearchImportance? Of(StudySummary summary)
    {
        List<SettingSummary> settings = [.. summary.Planned.Where(setting => setting.HasEnded)];
        List<SearchAxis> axes =
        [
            .. summary
                .Varied.Select(name => SearchAxis.Of(name, [.. settings.Select(setting => GridEffects.ValueOf(setting, name))]))
                .Where(axis => axis.Labels.Count > 1),
        ];
        if (settings.Count < LeastSettings || axes.Count == 0)
        {
            return null;
        }

        var forest = new ForestImportance(
            new TreeSamples(
                axes.ConvertAll(axis => axis.Levels),
                axes.ConvertAll(axis => axis.Labels.Count),
                axes.ConvertAll(axis => axis.IsOrdered),
                settings.ConvertAll(setting => setting.Final.Mean!.Value)
            )
        );
        return new SearchImportance(
            summary.File.Monitor,
            settings.Count,
            [
                .. axes.Select((axis, i) => (axis.Name, forest.Fraction[i]))
                    .OrderByDescending(factor => factor.Item2)
                    .ThenBy(factor => factor.Name, StringComparer.Ordinal),
            ],
            forest.Explained
        );
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
