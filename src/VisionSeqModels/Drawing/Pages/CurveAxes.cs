namespace VisionSeqModels.Drawing;

/// <summary>The axes that hold all lines of a chart.</summary>
/// <param name="Epochs">The horizontal one, from the first epoch to the last.</param>
/// <param name="Values">The vertical one.</param>
/// <param name="IsCut">Whether lines leave it at the top: those of a loss ten times above that of the others, which would
/// flatten them.</param>
internal sealed record CurveAxes(AxisTicks Epochs, AxisTicks Values, bool IsCut)
{
    private const double FarAbove = 10;

    /// <summary>What a title says of cut lines, or nothing.</summary>
    public string CutText => IsCut ? $" (lines above {Values.Label(Values.Last)} are cut off)" : "";

    /// <param name="metric">The metric's name.</param>
    /// <param name="curves">At least one, each with a point.</param>
    /// <param name="epochTicks">About how many ticks along the epochs.</param>
    /// <param name="valueTicks">About how many along the values.</param>
    public static CurveAxes Of(string metric, IReadOnlyList<Curve> curves, int epochTicks, int valueTicks)
    {
        double first = curves.Min(curve => curve.Points[0].Epoch),
            last = curves.Max(curve => curve.Points[^1].Epoch);
        double[] tops = [.. curves.Select(curve => curve.Extent.Most).Order()];
        double usual = tops[(tops.Length - 1) / 2],
            top = tops[^1];
        bool isCut = ChartStyle.IsLowerBetter(metric) && usual > 0 && top > FarAbove * usual;
        if (isCut)
        {
            top = tops.Last(value => value <= FarAbove * usual);
        }

        double least = curves.Min(curve => curve.Extent.Least);
        return new CurveAxes(
            AxisTicks.OfWhole(first, last, epochTicks),
            AxisTicks.Around(Math.Min(least, top), top, valueTicks),
            isCut
        );
    }
}
