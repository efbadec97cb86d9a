using static TorchSharp.torch;
using Scalar = TorchSharp.Scalar;

namespace VisionSeqModels.Torch;

/// <summary>The operators of TorchSharp that make a <see cref="Scalar"/> which nothing holds, with scalars that
/// <see cref="Scalars"/> holds. The results are the same to the bit, and so are their gradients.</summary>
internal static class Arithmetic
{
    /// <summary><c>left + right</c>.</summary>
    public static Tensor Plus(this Tensor left, Tensor right) => left.add(right, Scalars.One);

    /// <summary><c>left + right</c>.</summary>
    public static Tensor Plus(this Tensor left, Scalar right) => left.add(right, Scalars.One);

    /// <summary><c>left += right</c>, in place.</summary>
    public static Tensor AddInPlace(this Tensor left, Tensor right) => left.add_(right, Scalars.One);

    /// <summary><c>1 - tensor</c>.</summary>
    public static Tensor OneMinus(this Tensor tensor) => tensor.neg().add(Scalars.One, Scalars.One);

    /// <summary><c>tensor * tensor</c>.</summary>
    public static Tensor Square(this Tensor tensor) => tensor.pow(Scalars.Two);

    /// <summary>The integers from 0 to one before <paramref name="end"/>.</summary>
    public static Tensor Arange(long end, ScalarType? dtype = null, Device? device = null) => Range(0, end, dtype, device);

    /// <summary>The integers from <paramref name="begin"/> to one before <paramref name="end"/>.</summary>
    public static Tensor Range(long begin, long end, ScalarType? dtype = null, Device? device = null) =>
        arange(Scalars.Of(begin), Scalars.Of(end), Scalars.One, dtype, device);
}
