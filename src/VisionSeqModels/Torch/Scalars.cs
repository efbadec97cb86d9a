using TorchSharp;

namespace VisionSeqModels.Torch;

/// <summary>Numbers for libtorch that live at least as long as the call that reads them.</summary>
/// <remarks>
/// TorchSharp's <see cref="Scalar"/> frees its native memory when the garbage collector finalizes it. In
/// <c>x.add_(y, alpha: 3)</c> the compiler makes one that nothing holds: TorchSharp reads its handle, and from then on a
/// collection may free it while libtorch still reads it. The call then fails, or computes with another number. So the
/// library makes each <see cref="Scalar"/> here (a test reads the compiled code). Constants live for ever. The others are
/// held by their thread until it has made <see cref="Held"/> more. A native call takes three of them at most and returns
/// before the thread makes its next, so it is long over by then.
/// </remarks>
internal static class Scalars
{
    /// <summary>How many scalars a thread holds; a power of two.</summary>
    public const int Held = 64;

    /// <summary>The integer 0.</summary>
    public static readonly Scalar Zero = 0;

    /// <summary>The integer 1.</summary>
    public static readonly Scalar One = 1;

    /// <summary>The integer 2.</summary>
    public static readonly Scalar Two = 2;

    /// <summary>The number 0.5.</summary>
    public static readonly Scalar Half = 0.5;

    /// <summary>Not a number.</summary>
    public static readonly Scalar NaN = double.NaN;

    [ThreadStatic]
    private static Scalar[]? _held;

    [ThreadStatic]
    private static int _next;

    /// <summary>An integer: the result's dtype is that of an integer operand.</summary>
    public static Scalar Of(int value) => Hold(value);

    /// <summary>An integer: the result's dtype is that of an integer operand.</summary>
    public static Scalar Of(long value) => Hold(value);

    /// <summary>A floating-point number.</summary>
    public static Scalar Of(float value) => Hold(value);

    /// <summary>A floating-point number.</summary>
    public static Scalar Of(double value) => Hold(value);

    private static Scalar Hold(Scalar scalar)
    {
        var held = _held ??= new Scalar[Held];
        held[_next++ & (Held - 1)] = scalar;
        return scalar;
    }
}
