namespace VisionSeqModels;

/// <summary>What the input of an exported graph is.</summary>
public enum OnnxInput
{
    /// <summary>What the model takes, float32: images and features that are normalised already.</summary>
    Normalized,

    /// <summary>Pixels 0..255, uint8, <c>[batch, channels, height, width]</c>; the graph normalises them by
    /// <see cref="OnnxOptions.Normalization"/>.</summary>
    Pixels,

    /// <summary>Features as they were measured, float32, <c>[batch, time, features]</c>; the graph normalises them by
    /// <see cref="OnnxOptions.Features"/>.</summary>
    Features,

    /// <summary>Whole numbers for a model that begins with an embedding, int64.</summary>
    Indices,
}
