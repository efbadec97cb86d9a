namespace VisionSeqModels.Core;

/// <summary>A source-generated context of a floor. The generator writes the property.</summary>
/// <typeparam name="TSelf">The context itself.</typeparam>
internal interface IJsonContext<TSelf>
{
    static abstract TSelf Default { get; }
}
