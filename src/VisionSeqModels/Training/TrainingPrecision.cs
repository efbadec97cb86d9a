namespace VisionSeqModels;

/// <summary>The numbers that a training step computes with.</summary>
public enum TrainingPrecision
{
    /// <summary>float32 throughout.</summary>
#pragma warning disable CA1720 // the name that TorchSharp's ScalarType has for it
    Float32,
#pragma warning restore CA1720

    /// <summary>bfloat16 in the forward and backward pass: as many magnitudes as float32, three significant decimal digits. The
    /// weights that the optimizer moves, the loss, batch normalisation and everything saved stay float32.</summary>
    BFloat16,
}
