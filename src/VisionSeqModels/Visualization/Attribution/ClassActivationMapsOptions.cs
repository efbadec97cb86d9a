namespace VisionSeqModels.Visualization;

/// <summary>The layer that <see cref="ClassActivationMaps"/> takes.</summary>
public sealed record ClassActivationMapsOptions : AttributionOptions
{
    /// <summary>The layer whose feature maps are taken, as in <c>named_modules()</c>; null (default) for the last one that
    /// gives maps of more than one pixel.</summary>
    public string? Layer { get; init; }
}
