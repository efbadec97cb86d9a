namespace VisionSeqModels.Studies;

/// <summary>One trial's line in a chart.</summary>
/// <param name="Setting">The number of its setting, which gives colour and dashes.</param>
/// <param name="SettingName">What the setting is called.</param>
/// <param name="Name">What the line is called.</param>
/// <param name="Points">Epochs and finite values.</param>
internal sealed record Curve(int Setting, string SettingName, string Name, IReadOnlyList<(int Epoch, double Value)> Points)
{
    /// <summary>Every so many-th point, and the last.</summary>
    public Curve Thinned(int step) =>
        step <= 1 ? this : this with { Points = [.. Points.Where((_, i) => i % step == 0 || i == Points.Count - 1)] };
}
