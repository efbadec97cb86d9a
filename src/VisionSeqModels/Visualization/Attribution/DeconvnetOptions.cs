namespace VisionSeqModels.Visualization;

/// <summary>The layer that <see cref="Deconvnet"/> looks at. Its <see cref="ViewOptions.BatchSize"/> counts feature
/// maps.</summary>
public sealed record DeconvnetOptions : ViewOptions
{
    /// <summary>The layer, as in <c>named_modules()</c>: a convolution, its activation, or the pooling after it; null
    /// (default) for the last one that gives maps of more than one pixel.</summary>
    public string? Layer { get; init; }

    internal void Validate() => ViewFaults().ThrowIfAny();
}
