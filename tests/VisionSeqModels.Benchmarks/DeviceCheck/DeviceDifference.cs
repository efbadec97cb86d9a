namespace VisionSeqModels.Benchmarks.DeviceCheck;

/// <summary>How far something that a device computed is from what the CPU computed.</summary>
/// <param name="Model">The model, or the run.</param>
/// <param name="What">What was computed.</param>
/// <param name="Distance">The norm of the difference, divided by that of the CPU's values.</param>
/// <param name="Allowed">What it may be.</param>
internal sealed record DeviceDifference(string Model, string What, double Distance, double Allowed)
{
    public bool IsWithin => Distance <= Allowed; // not where it is NaN

    public string[] Row() =>
        [
            Model,
            What,
            FormattableString.Invariant($"{Distance:e1}"),
            FormattableString.Invariant($"{Allowed:e0}"),
            IsWithin ? "yes" : "NO",
        ];
}
