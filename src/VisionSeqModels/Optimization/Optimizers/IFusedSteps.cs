namespace VisionSeqModels.Optimization;

/// <summary>An optimizer that can move all parameters of a group by one operation of libtorch.</summary>
internal interface IFusedSteps
{
    /// <summary>Whether and how it does.</summary>
    FusedStep Fused { get; }
}
