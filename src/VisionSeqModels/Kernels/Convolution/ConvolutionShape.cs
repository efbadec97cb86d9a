namespace VisionSeqModels.Kernels;

/// <summary>The sizes of a convolution with square kernels, without padding, and of the 2×2 max pooling after it.</summary>
/// <param name="Channels">Of the input.</param>
/// <param name="Height">Of the input.</param>
/// <param name="Width">Of the input.</param>
/// <param name="Kernels">Channels of the output.</param>
/// <param name="Side">Of the kernels.</param>
internal sealed record ConvolutionShape(int Channels, int Height, int Width, int Kernels, int Side)
{
    /// <summary>Weights of a kernel.</summary>
    public int Taps => Channels * Side * Side;

    /// <summary>Where a weight of a kernel stands.</summary>
    public (int Channel, int Row, int Column) Tap(int tap) => (tap / (Side * Side), tap / Side % Side, tap % Side);

    public int OutputHeight => Height - Side + 1;

    public int OutputWidth => Width - Side + 1;

    /// <summary>Values of the output.</summary>
    public long OutputSize => (long)Kernels * OutputHeight * OutputWidth;

    /// <summary>Whether every value of the output is in a window of the pooling.</summary>
    public bool IsPooledWhole => OutputHeight % 2 == 0 && OutputWidth % 2 == 0;

    public int PooledHeight => OutputHeight / 2;

    public int PooledWidth => OutputWidth / 2;

    public long InputSize => (long)Channels * Height * Width;

    public long PooledSize => (long)Kernels * PooledHeight * PooledWidth;
}
