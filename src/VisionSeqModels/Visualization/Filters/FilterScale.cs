namespace VisionSeqModels.Visualization;

/// <summary>Which weights become black and which white.</summary>
public enum FilterScale
{
    /// <summary>One scale for all filters, −m to m, where m is the largest weight's magnitude: filters can be compared, and
    /// mid grey is zero.</summary>
    Shared,

    /// <summary>Each filter has its own −m to m: the pattern of weak filters is seen too, but not that they are weak.</summary>
    PerFilter,

    /// <summary>Each filter from its smallest weight, black, to its largest, white, as torchvision's grids do: all contrast
    /// there is, but zero can be any grey.</summary>
    MinMaxPerFilter,
}
