using System.Runtime.CompilerServices;

namespace VisionSeqModels.Kernels;

/// <summary>The forward pass of a <see cref="ConvolutionStage"/> for a single image: the lanes of a vector are neighbouring
/// positions of a row. Every value has the same terms in the same order as in a group of images, so the bits are the
/// same.</summary>
internal sealed unsafe class ConvolutionRows
{
    private readonly ConvolutionShape _shape;
    private readonly int[] _offsets; // from the first value under a kernel to the one under each tap

    public ConvolutionRows(ConvolutionShape shape)
    {
        _shape = shape;
        _offsets = GC.AllocateUninitializedArray<int>(shape.Taps, pinned: true);
        for (int tap = 0; tap < shape.Taps; tap++)
        {
            var (channel, row, column) = shape.Tap(tap);
            _offsets[tap] = (((channel * shape.Height) + row) * shape.Width) + column;
        }
    }

    /// <summary>Positions of a row that are computed at once.</summary>
    public static int Tile => 2 * ConvolutionKernel.Lanes;

    /// <summary>Floats behind an image's input that are read; their values are not used.</summary>
    public static int Behind => Tile;

    /// <summary>Vectors of products for an image.</summary>
    public long Cost => Products(_shape.PooledHeight, (2 * _shape.PooledWidth) + Tile - 1) / Tile * 2;

    /// <summary>Vectors of products for a group of images.</summary>
    public long GroupCost => Products(_shape.PooledHeight, 2 * _shape.PooledWidth);

    /// <summary>Computes the pooled values, <c>[kernels, height, width]</c>.</summary>
    /// <param name="input">The image, and <see cref="Behind"/> floats more.</param>
    /// <param name="packed">What <see cref="ConvolutionStage.Pack"/> wrote.</param>
    /// <param name="pooled">Where the values are written.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Forward(float* input, float* packed, float* pooled)
    {
        int* offsets = (int*)Unsafe.AsPointer(ref _offsets[0]);
        VectorBlock4* sums = stackalloc VectorBlock4[ConvolutionKernel.KernelsAtOnce];
        int pair = 2 * (_shape.Taps + 1);
        for (int y = 0; y < _shape.PooledHeight; y++)
        {
            for (int kernel = 0, count; kernel < _shape.Kernels; kernel += count)
            {
                count = _shape.Kernels - kernel > 2 ? ConvolutionKernel.KernelsAtOnce : 2;
                float* weights = packed + (kernel / 2 * pair);
                for (int x = 0; x < 2 * _shape.PooledWidth; x += Tile)
                {
                    for (int i = 0; i < count; i++)
                    {
                        sums[i] = VectorBlock4.All(new(weights[(i / 2 * pair) + (2 * _shape.Taps) + (i % 2)]));
                    }

                    ConvolutionKernel.Accumulate(
                        input + (2 * y * _shape.Width) + x,
                        _shape.Width,
                        offsets,
                        _shape.Taps,
                        weights,
                        pair,
                        sums,
                        count
                    );
                    for (int i = 0; i < count && kernel + i < _shape.Kernels; i++)
                    {
                        int row = (((kernel + i) * _shape.PooledHeight) + y) * _shape.PooledWidth;
                        Pool((float*)(sums + i), pooled + row + (x / 2), Math.Min(Tile / 2, _shape.PooledWidth - (x / 2)));
                    }
                }
            }
        }
    }

    /// <summary>ReLU and 2×2 max pooling of two rows; NaN where there is one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pool(float* rows, float* pooled, int count)
    {
        float* below = rows + Tile;
        for (int i = 0; i < count; i++)
        {
            float largest = Larger(Larger(rows[2 * i], rows[(2 * i) + 1]), Larger(below[2 * i], below[(2 * i) + 1]));
            pooled[i] = largest <= 0 ? 0 : largest;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Larger(float one, float other) => other > one || float.IsNaN(other) ? other : one;

    private long Products(long rows, long positions) => 2 * rows * positions * _shape.Taps * ((_shape.Kernels + 1) / 2 * 2);
}
