using System.Globalization;
using VisionSeqModels.Drawing;

namespace VisionSeqModels.Training;

/// <summary>What <see cref="Trainer.LearningRateRangeTest"/> saw: the loss at learning rates that grow from step to
/// step.</summary>
public sealed record LearningRateRange
{
    /// <summary>The learning rate of each step.</summary>
    public required IReadOnlyList<double> LearningRates { get; init; }

    /// <summary>The loss of each step's batch, before the step.</summary>
    public required IReadOnlyList<double> Losses { get; init; }

    /// <summary>The losses' running mean, corrected for its start; what the suggestion looks at.</summary>
    public required IReadOnlyList<double> SmoothedLosses { get; init; }

    /// <summary>The rate at which the smoothed loss falls fastest (over the logarithm of the rate), or null where it never
    /// falls. A sound choice for the optimizer's rate is this or a little less.</summary>
    public double? Suggestion
    {
        get
        {
            var slopes = Enumerable
                .Range(1, Math.Max(0, LearningRates.Count - 2))
                .Select(i => (Rate: LearningRates[i], Slope: SmoothedLosses[i + 1] - SmoothedLosses[i - 1]))
                .Where(entry => entry.Slope < 0)
                .ToList();
            return slopes.Count == 0 ? null : slopes.MinBy(entry => entry.Slope).Rate;
        }
    }

    /// <summary>Draws the smoothed loss over the learning rate, with the suggestion marked.</summary>
    /// <param name="width">Pixels; default 640.</param>
    /// <param name="height">Pixels; default 400.</param>
    public Picture Chart(int width = 640, int height = 400)
    {
        double[] exponents = [.. LearningRates.Select(Math.Log10)];
        var (line, mark) = (ChartLook.Of(0), ChartLook.Of(1));
        List<Action<ChartPainter>> items =
        [
            painter => painter.Line(exponents, SmoothedLosses, line, 0),
            painter => painter.NotFinite(exponents, SmoothedLosses),
        ];
        List<LegendEntry> legend =
        [
            LegendEntry.Line("smoothed loss", line),
            .. NotFinite.Of(SmoothedLosses).Entries("smoothed loss"),
        ];
        if (Suggestion is double rate)
        {
            items.Add(painter => painter.Vertical(Math.Log10(rate), mark));
            legend.Add(LegendEntry.Line(string.Create(CultureInfo.InvariantCulture, $"falls fastest at {rate:g2}"), mark));
        }

        var panel = new ChartPanel
        {
            Title = "Learning-rate range test",
            XTitle = "learning rate",
            YTitle = "loss",
            X = ChartAxis.Logarithmic(LearningRates),
            Y = ChartAxis.Around(SmoothedLosses),
            Items = items,
            Legend = legend,
        };
        return ChartSheet.Draw([panel], width, height, columns: 1);
    }
}
