namespace VisionSeqModels.Drawing;

/// <summary>A metric's lines: one chart.</summary>
/// <param name="Metric">The metric's name, without what it is measured on.</param>
/// <param name="Curves">The lines; means before the lines that they are of.</param>
internal sealed record CurveChart(string Metric, IReadOnlyList<Curve> Curves)
{
    /// <summary>The lines that are there before a reader asks for others.</summary>
    public IReadOnlyList<Curve> Shown(bool training) =>
        Curves.Where(curve => !curve.IsPart && (training || curve.Role != 1)).ToList() is { Count: > 0 } shown ? shown : Curves;

    public CurveChart Thinned(int step) => this with { Curves = [.. Curves.Select(curve => curve.Thinned(step))] };
}
