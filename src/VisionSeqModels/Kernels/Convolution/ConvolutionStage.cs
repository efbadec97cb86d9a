using System.Numerics;
using System.Runtime.CompilerServices;

namespace VisionSeqModels.Kernels;

/// <summary>A convolution, ReLU and 2×2 max pooling in one, over a group of images: each value is a vector with a lane for
/// every image. Kernels are taken in pairs; zeros complete a last single one. Every pointer is to the group's own
/// memory.</summary>
internal sealed unsafe class ConvolutionStage
{
    private readonly int[] _offsets; // from the first value under a kernel to the one under each tap
    private readonly int[] _inputGradientOffsets; // the same over the output's padded gradients

    private readonly bool _hasInputGradient;

    /// <param name="shape">The sizes.</param>
    /// <param name="hasInputGradient">Whether <see cref="InputGradient"/> will be called; without it only two rows of the
    /// output's gradients are kept at a time.</param>
    public ConvolutionStage(ConvolutionShape shape, bool hasInputGradient)
    {
        Shape = shape;
        _hasInputGradient = hasInputGradient;
        Padding = hasInputGradient ? shape.Side - 1 : 0;
        PaddedHeight = hasInputGradient ? shape.OutputHeight + (2 * Padding) : 2;
        PaddedWidth = shape.OutputWidth + (2 * Padding);
        _offsets = PinnedOffsets(
            4 * TapBlocks,
            tap =>
            {
                tap = Math.Min(tap, shape.Taps - 1); // the last fills up a block
                return (((tap / (shape.Side * shape.Side) * shape.Height) + (tap / shape.Side % shape.Side)) * shape.Width)
                    + (tap % shape.Side);
            }
        );
        _inputGradientOffsets = PinnedOffsets(
            hasInputGradient ? InputGradientTaps : 0,
            tap => // ordered by row, then kernel, then column: some rows are a run of taps
                (((tap / shape.Side % shape.Kernels * PaddedHeight) + (tap / (shape.Side * shape.Kernels))) * PaddedWidth)
                + (tap % shape.Side)
        );
    }

    public ConvolutionShape Shape { get; }

    /// <summary>Floats of the packed weights and biases.</summary>
    public long PackedSize => 2L * KernelPairs * (Shape.Taps + 1);

    /// <summary>Floats of the weights packed for the input's gradient.</summary>
    public long InputGradientPackedSize => _hasInputGradient ? 2L * ChannelPairs * InputGradientTaps : 0;

    /// <summary>Floats of the sums from which the gradients of weights and biases are computed.</summary>
    public long SumsSize => KernelPairs * ((8L * TapBlocks) + 2) * Lanes;

    /// <summary>Floats of the output's gradients, padded with zeros.</summary>
    public long PaddedSize => 2L * KernelPairs * PaddedHeight * PaddedWidth * Lanes;

    private static int Lanes => ConvolutionKernel.Lanes;

    private int KernelPairs => (Shape.Kernels + 1) / 2;

    private int ChannelPairs => (Shape.Channels + 1) / 2;

    private int TapBlocks => (Shape.Taps + 3) / 4;

    private int InputGradientTaps => Shape.Kernels * Shape.Side * Shape.Side;

    private int Padding { get; }

    private int PaddedHeight { get; }

    private int PaddedWidth { get; }

    /// <summary>Packs weights <c>[kernels, channels, side, side]</c> and biases <c>[kernels]</c> for
    /// <see cref="Forward"/>.</summary>
    public void Pack(ReadOnlySpan<float> weights, ReadOnlySpan<float> biases, Span<float> packed)
    {
        int taps = Shape.Taps;
        for (int kernel = 0; kernel < Shape.Kernels; kernel += 2)
        {
            var pair = packed.Slice(kernel * (taps + 1), 2 * (taps + 1));
            bool isSingle = kernel + 1 == Shape.Kernels;
            var one = weights.Slice(kernel * taps, taps);
            var other = isSingle ? [] : weights.Slice((kernel + 1) * taps, taps);
            for (int tap = 0; tap < one.Length; tap++)
            {
                pair[2 * tap] = one[tap];
                pair[(2 * tap) + 1] = isSingle ? 0 : other[tap];
            }

            pair[2 * taps] = biases[kernel];
            pair[(2 * taps) + 1] = isSingle ? 0 : biases[kernel + 1];
        }
    }

    /// <summary>Packs the weights for <see cref="InputGradient"/>: mirrored, by channels of the input.</summary>
    public void PackForInputGradient(ReadOnlySpan<float> weights, Span<float> packed)
    {
        packed[..(int)InputGradientPackedSize].Clear();
        int side = Shape.Side;
        for (int channel = 0; channel < Shape.Channels; channel++)
        {
            var pair = packed[(channel / 2 * 2 * InputGradientTaps)..];
            for (int tap = 0; tap < InputGradientTaps; tap++)
            {
                var (row, kernel, column) = (tap / (side * Shape.Kernels), tap / side % Shape.Kernels, tap % side);
                pair[(2 * tap) + (channel % 2)] = weights[
                    (((((kernel * Shape.Channels) + channel) * side) + (side - 1 - row)) * side) + (side - 1 - column)
                ];
            }
        }
    }

    /// <summary>Computes the pooled values <c>[kernels, height, width, lanes]</c> and the index of each in its
    /// window.</summary>
    /// <param name="input">The group's input.</param>
    /// <param name="packed">What <see cref="Pack"/> wrote.</param>
    /// <param name="pooled">Where the pooled values are written.</param>
    /// <param name="choices">Where the indices are written.</param>
    /// <param name="activations">Where the values before pooling are written, <c>[kernels, height, width, lanes]</c>; null for
    /// nowhere.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Forward(float* input, float* packed, float* pooled, float* choices, float* activations = null)
    {
        int* offsets = Pointer(_offsets);
        VectorBlock4* sums = stackalloc VectorBlock4[ConvolutionKernel.KernelsAtOnce];
        nint rowStride = Shape.Width * Lanes;
        for (int y = 0; y < Shape.PooledHeight; y++)
        {
            for (int kernel = 0, count; kernel < Shape.Kernels; kernel += count)
            {
                count = KernelsAt(kernel, Shape.Kernels);
                float* weights = packed + (kernel * (Shape.Taps + 1));
                for (int x = 0; x < Shape.PooledWidth; x++)
                {
                    for (int i = 0; i < count; i++)
                    {
                        sums[i] = VectorBlock4.All(
                            Vector.Create(weights[((i / 2 * (Shape.Taps + 1)) + Shape.Taps) * 2 + (i % 2)])
                        );
                    }

                    ConvolutionKernel.Accumulate(
                        input + (2 * y * rowStride) + (2 * x * Lanes),
                        rowStride,
                        offsets,
                        Shape.Taps,
                        weights,
                        2 * (Shape.Taps + 1),
                        sums,
                        count
                    );
                    for (int i = 0; i < count && kernel + i < Shape.Kernels; i++)
                    {
                        int at = PooledOffset(kernel + i, y, x);
                        ConvolutionKernel.Pool(sums[i], pooled + at, choices + at);
                        if (activations is not null)
                        {
                            nint window = (((kernel + i) * Shape.OutputHeight) + (2 * y)) * Shape.OutputWidth + (2 * x);
                            ConvolutionKernel.ReLU(sums[i], activations + (window * Lanes), Shape.OutputWidth * Lanes);
                        }
                    }
                }
            }
        }
    }

    /// <summary>Adds the group's products to the sums for the gradients of weights and biases, and leaves the output's
    /// gradients in <paramref name="padded"/>.</summary>
    /// <param name="input">The input that <see cref="Forward"/> had.</param>
    /// <param name="gradients">The gradients of the pooled values.</param>
    /// <param name="choices">What <see cref="Forward"/> wrote.</param>
    /// <param name="padded">Where the output's gradients are written; the zeros around them stay.</param>
    /// <param name="sums">The sums; zeros before the first group.</param>
    public void WeightGradients(float* input, float* gradients, float* choices, float* padded, float* sums)
    {
        int rows = _hasInputGradient ? Shape.PooledHeight : 1; // pooled rows at once
        float* top = padded + (((Padding * PaddedWidth) + Padding) * Lanes);
        nint rowStride = PaddedWidth * Lanes;
        for (int y = 0; y < Shape.PooledHeight; y += rows)
        {
            for (int row = 0; row < rows; row++)
            {
                Unpool(y + row, gradients, choices, top + (2 * row * rowStride), sums + (KernelPairs * 8 * TapBlocks * Lanes));
            }

            for (int pair = 0; pair < KernelPairs; pair++)
            {
                for (int block = 0; block < TapBlocks; block++)
                {
                    ConvolutionKernel.AccumulateWeightGradients(
                        top + (2 * pair * PaddedHeight * rowStride),
                        PaddedHeight * rowStride,
                        rowStride,
                        input + (2 * y * Shape.Width * Lanes),
                        Shape.Width * Lanes,
                        Pointer(_offsets) + (4 * block),
                        2 * rows,
                        2 * Shape.PooledWidth,
                        (VectorBlock4*)(sums + (((pair * TapBlocks) + block) * 8 * Lanes))
                    );
                }
            }
        }
    }

    /// <summary>Computes the input's gradient from what <see cref="WeightGradients"/> left in <paramref name="padded"/>: a
    /// convolution with the mirrored kernels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void InputGradient(float* padded, float* packed, float* gradient)
    {
        int* offsets = Pointer(_inputGradientOffsets);
        VectorBlock4* sums = stackalloc VectorBlock4[ConvolutionKernel.KernelsAtOnce];
        nint rowStride = PaddedWidth * Lanes;
        int tapsInARow = Shape.Kernels * Shape.Side;
        for (int y = 0; y < Shape.Height; y = Next(y, Shape.Height))
        {
            int first = Math.Max(0, Shape.Side - 2 - y); // rows of the kernel over padding alone are left out
            int end = Math.Min(Shape.Side, Shape.Side - 1 + Shape.OutputHeight - y);
            for (int channel = 0, count; channel < Shape.Channels; channel += count)
            {
                count = KernelsAt(channel, Shape.Channels);
                float* weights = packed + (((channel / 2 * InputGradientTaps) + (first * tapsInARow)) * 2);
                for (int x = 0; x < Shape.Width; x = Next(x, Shape.Width))
                {
                    new Span<VectorBlock4>(sums, count).Clear();
                    ConvolutionKernel.Accumulate(
                        padded + (y * rowStride) + (x * Lanes),
                        rowStride,
                        offsets + (first * tapsInARow),
                        (end - first) * tapsInARow,
                        weights,
                        2 * InputGradientTaps,
                        sums,
                        count
                    );
                    for (int i = 0; i < count && channel + i < Shape.Channels; i++)
                    {
                        Store(sums[i], gradient, channel + i, y, x);
                    }
                }
            }
        }
    }

    /// <summary>Adds up the threads' sums, which lie <paramref name="stride"/> floats apart, to the gradients of weights and
    /// biases.</summary>
    public void ReduceThreads(float* sums, int threads, nint stride, Span<float> weights, Span<float> biases)
    {
        for (int kernel = 0; kernel < Shape.Kernels; kernel++)
        {
            for (int tap = 0; tap < Shape.Taps; tap++)
            {
                int at = (((((kernel / 2 * TapBlocks) + (tap / 4)) * 2) + (kernel % 2)) * 4) + (tap % 4);
                weights[(kernel * Shape.Taps) + tap] = Total(sums + (at * Lanes), threads, stride);
            }

            biases[kernel] = Total(sums + (((KernelPairs * 8 * TapBlocks) + kernel) * Lanes), threads, stride);
        }
    }

    private static float Total(float* sums, int threads, nint stride)
    {
        var total = Vector.Load(sums);
        for (int thread = 1; thread < threads; thread++)
        {
            total += Vector.Load(sums + (thread * stride));
        }

        return Vector.Sum(total);
    }

    /// <summary>Propagates the gradients of a pooled row to the two rows of the output below it, and adds them to the sums for
    /// the biases.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Unpool(int y, float* gradients, float* choices, float* into, float* biases)
    {
        nint rowStride = PaddedWidth * Lanes;
        for (int kernel = 0; kernel < Shape.Kernels; kernel++)
        {
            var sum = Vector.Load(biases + (kernel * Lanes));
            for (int x = 0; x < Shape.PooledWidth; x++)
            {
                int at = PooledOffset(kernel, y, x);
                sum += ConvolutionKernel.Unpool(
                    Vector.Load(gradients + at),
                    choices + at,
                    into + (kernel * PaddedHeight * rowStride) + (2 * x * Lanes),
                    rowStride
                );
            }

            sum.Store(biases + (kernel * Lanes));
        }
    }

    private static int KernelsAt(int kernel, int kernels) => kernels - kernel > 2 ? ConvolutionKernel.KernelsAtOnce : 2;

    private void Store(in VectorBlock4 values, float* gradient, int channel, int y, int x)
    {
        float* at = gradient + ((((channel * Shape.Height) + y) * Shape.Width) + x) * Lanes;
        values.A.Store(at);
        values.B.Store(at + Lanes);
        values.C.Store(at + (Shape.Width * Lanes));
        values.D.Store(at + ((Shape.Width + 1) * Lanes));
    }

    /// <summary>Two positions further; the last two overlap those before where the size is odd.</summary>
    private static int Next(int position, int size) => position + 2 >= size ? size : Math.Min(position + 2, size - 2);

    private int PooledOffset(int kernel, int y, int x) => ((((kernel * Shape.PooledHeight) + y) * Shape.PooledWidth) + x) * Lanes;

    private static int[] PinnedOffsets(int count, Func<int, int> position)
    {
        int[] result = GC.AllocateUninitializedArray<int>(count, pinned: true);
        for (int i = 0; i < count; i++)
        {
            result[i] = position(i) * Lanes;
        }

        return result;
    }

    private static int* Pointer(int[] pinned) => (int*)Unsafe.AsPointer(ref pinned[0]);
}
