namespace VisionSeqModels.Metrics;

/// <summary>The averages in the names of metrics.</summary>
internal static class AveragingNames
{
    public static string Of(Averaging average) =>
        average switch
        {
            Averaging.Macro => "macro",
            Averaging.Micro => "micro",
            Averaging.Weighted => "weighted",
            _ => throw new ArgumentOutOfRangeException(nameof(average), average, "Choose Macro, Micro or Weighted."),
        };
}
