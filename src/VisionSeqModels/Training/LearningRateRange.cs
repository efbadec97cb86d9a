using ScottPlot;
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
        SkiaRuntime.EnsureAvailable();
        var plot = new Plot();
        double[] exponents = [.. LearningRates.Select(Math.Log10)];
        var line = plot.Add.ScatterLine(exponents, SmoothedLosses.ToArray());
        line.LineWidth = 2;
        line.LegendText = "smoothed loss";
        if (Suggestion is double rate)
        {
            var mark = plot.Add.VerticalLine(Math.Log10(rate));
            mark.LegendText = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"falls fastest at {rate:g2}");
        }

        plot.Font.Set(SkiaRuntime.FontFamily);
        plot.Title("Learning-rate range test");
        plot.XLabel("learning rate");
        plot.YLabel("loss");
        plot.Axes.Bottom.TickGenerator = new ScottPlot.TickGenerators.NumericManual(
            [.. Whole(exponents).Select(exponent => (double)exponent)],
            [
                .. Whole(exponents)
                    .Select(exponent => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"1e{exponent}")),
            ]
        );
        plot.ShowLegend(Alignment.UpperLeft);
        return ChartStyle.Render(plot, width, height);
    }

    private static IEnumerable<int> Whole(double[] exponents) =>
        Enumerable.Range((int)Math.Floor(exponents[0]), (int)Math.Ceiling(exponents[^1]) - (int)Math.Floor(exponents[0]) + 1);
}
