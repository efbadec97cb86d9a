using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Data;

/// <summary>A number for each channel as a tensor, filled on its device: no array is copied there.</summary>
internal static class ChannelNumbers
{
    /// <summary><c>[1, channels, 1, 1]</c>, in the current dispose scope.</summary>
    public static Tensor Of(IEnumerable<double> values, ScalarType dtype, Device device)
    {
        using var scope = NewDisposeScope();
        return cat([.. values.Select(value => full([1, 1, 1, 1], Scalars.Of((float)value), device: device))], 1)
            .to_type(dtype)
            .MoveToOuterDisposeScope();
    }
}
