using System.Globalization;
using System.Text;
using VisionSeqModels.Core;
using VisionSeqModels.Drawing;

namespace VisionSeqModels.Studies;

/// <summary>Where the epochs of successive halving went: a bar for each trial, as long as it trained, and the rungs.</summary>
internal static class HalvingChart
{
    private const int Width = 640;
    private const int Left = 8;
    private const int Right = 16;
    private const int Top = 26;

    public const string Css = """
        .halving { display: block; width: 100%; max-width: 45rem; height: auto; }
        .halving text { fill: var(--ink); font-size: 13px; }
        .halving .rung { stroke: var(--line); stroke-dasharray: 3 3; }
        .halving .bar { fill: var(--c0); opacity: .55; }
        .halving .bar.whole { opacity: 1; }
        """;

    /// <summary>Adds it to a page; nothing for a study without halving.</summary>
    public static void AddTo(ReportPage page, StudySummary summary)
    {
        if (summary.File.Halving is not SuccessiveHalvingOptions halving)
        {
            return;
        }

        var trials = summary
            .Trials.Select(trial => (Trial: trial, Epochs: trial.History?.Epochs.Count(epoch => !epoch.IsPartial) ?? 0))
            .OrderByDescending(entry => entry.Epochs)
            .ThenBy(entry => summary.NameOf(entry.Trial), StringComparer.Ordinal)
            .ToList();
        var rungs = halving.Rungs();
        long spent = trials.Sum(entry => (long)entry.Epochs),
            all = (long)trials.Count * halving.MaximumEpochs;
        string reached = string.Join(
            ", ",
            rungs.Select(rung => Invariant($"{trials.Count(entry => entry.Epochs >= rung):n0} to {rung:n0}"))
        );
        page.Section("Budget")
            .Style(Css)
            .Style(CurvePalette.Css)
            .Paragraph(
                Invariant($"Successive halving spent {spent:n0} epochs; all {DisplayText.Count(trials.Count, "trial")} ")
                    + Invariant($"to the end would take {all:n0}. Trials that came to each number of epochs: {reached}.")
            )
            .Html(Svg(trials, rungs, summary));
    }

    private static string Svg(List<(TrialResult Trial, int Epochs)> trials, IReadOnlyList<int> rungs, StudySummary summary)
    {
        double row = Math.Clamp(560.0 / trials.Count, 2, 16),
            height = Top + (row * trials.Count) + 6;
        double X(double epochs) => Left + (epochs / rungs[^1] * (Width - Left - Right));
        var svg = new StringBuilder();
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<svg class=\"halving\" viewBox=\"0 0 {Width} {height:0.#}\" role=\"img\" aria-label=\"Epochs of each trial\">"
        );
        foreach (var (i, rung) in rungs.Index())
        {
            bool hasRoom = i == rungs.Count - 1 || X(rungs[i + 1]) - X(rung) > 24;
            string label = hasRoom
                ? Invariant($"<text x=\"{X(rung):0.#}\" y=\"16\" text-anchor=\"middle\">{rung:n0}</text>")
                : "";
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<path class=\"rung\" d=\"M{X(rung):0.#} {Top - 4}V{height:0.#}\"/>{label}"
            );
        }

        foreach (var (i, (trial, epochs)) in trials.Index())
        {
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<rect class=\"bar{(epochs >= rungs[^1] ? " whole" : "")}\" x=\"{Left}\" y=\"{Top + (i * row):0.#}\" "
                    + $"width=\"{X(epochs) - Left:0.#}\" height=\"{row * 0.8:0.#}\"><title>"
                    + $"{ReportPage.Text(summary.NameOf(trial))}: {DisplayText.Count(epochs, "epoch")}</title></rect>"
            );
        }

        return svg.Append("</svg>").ToString();
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
