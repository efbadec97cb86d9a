using System.Text.Json.Serialization;

namespace VisionSeqModels;

/// <summary>The function after a layer.</summary>
public enum ActivationFunction
{
    /// <summary>max(0, x).</summary>
    [JsonStringEnumMemberName("relu")]
    ReLU,

    /// <summary>The hyperbolic tangent, as in the original LeNet.</summary>
    Tanh,
}
