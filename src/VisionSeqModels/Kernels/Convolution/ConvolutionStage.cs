using System.Numerics;
using System.Runtime.CompilerServices;

namespace VisionSeqModels.Kernels;

/// <summary> A convolution, the rectifier and 2×2 max pooling in one, over a group of images: value by value, each a vector
/// with a lane for every image. Kernels are taken two at a time; a last single one has a companion of zeros. Every pointer
/// is to memory of the group's own. </summary>
internal sealed unsafe class ConvolutionStage
{
    private readonly int[] _offsets; // from the first value under a kernel to that under each tap
    private readonly int[] _backOffsets; // the same over the padded gradients of the output, for the input's gradient

    private readonly bool _keepsRows;

    /// <param name="shape">The sizes.</param>
    /// <param name="hasInputGradient">Whether <see cref="InputGradient"/> will be wanted; without it the output's gradients
    /// are kept for two rows at a time alone.</param>
    public ConvolutionStage(ConvolutionShape shape, bool hasInputGradient)
    {
        Shape = shape;
        _keepsRows = hasInputGradient;
        Margin = hasInputGradient ? shape.Side - 1 : 0;
        PaddedHeight = hasInputGradient ? shape.OutputHeight + (2 * Margin) : 2;
        PaddedWidth = shape.OutputWidth + (2 * Margin);
        _offsets = Pinned(
            4 * TapQuads,
            tap =>
            {
                tap = Math.Min(tap, shape.Taps - 1); // the last fills up a quad
                return (((tap / (shape.Side * shape.Side) * shape.Height) + (tap / shape.Side % shape.Side)) * shape.Width)
                    + (tap % shape.Side);
            }
        );
        _backOffsets = Pinned(
            hasInputGradient ? BackTaps : 0,
            tap => // by rows, then kernels, then columns: a run of rows is a run of taps
                (((tap / shape.Side % shape.Kernels * PaddedHeight) + (tap / (shape.Side * shape.Kernels))) * PaddedWidth)
                + (tap % shape.Side)
        );
    }

    public ConvolutionShape Shape { get; }

    /// <summary>Floats of the packed weights and biases.</summary>
    public int PackedSize => 2 * KernelPairs * (Shape.Taps + 1);

    /// <summary>Floats of the weights packed for the input's gradient.</summary>
    public int BackPackedSize => _keepsRows ? 2 * ChannelPairs * BackTaps : 0;

    /// <summary>Floats of the sums that the weights' and biases' gradients are made of.</summary>
    public int SumsSize => KernelPairs * ((8 * TapQuads) + 2) * Lanes;

    /// <summary>Floats of the output's gradients with zeros all around.</summary>
    public int PaddedSize => 2 * KernelPairs * PaddedHeight * PaddedWidth * Lanes;

    private static int Lanes => ConvolutionKernel.Lanes;

    private int KernelPairs => (Shape.Kernels + 1) / 2;

    private int ChannelPairs => (Shape.Channels + 1) / 2;

    private int TapQuads => (Shape.Taps + 3) / 4;

    private int BackTaps => Shape.Kernels * Shape.Side * Shape.Side;

    private int Margin { get; }

    private int PaddedHeight { get; }

    private int PaddedWidth { get; }

    /// <summary>Puts weights <c>[kernels, channels, side, side]</c> and biases <c>[kernels]</c> as <see cref="Forward"/>
    /// reads them.</summary>
    public void Pack(ReadOnlySpan<float> weights, ReadOnlySpan<float> biases, Span<float> packed)
    {
        packed[..PackedSize].Clear();
        for (int kernel = 0; kernel < Shape.Kernels; kernel++)
        {
            var pair = packed[(kernel / 2 * 2 * (Shape.Taps + 1))..];
            for (int tap = 0; tap < Shape.Taps; tap++)
            {
                pair[(2 * tap) + (kernel % 2)] = weights[(kernel * Shape.Taps) + tap];
            }

            pair[(2 * Shape.Taps) + (kernel % 2)] = biases[kernel];
        }
    }

    /// <summary>Puts the weights as <see cref="InputGradient"/> reads them: mirrored, by channels of the input.</summary>
    public void PackBack(ReadOnlySpan<float> weights, Span<float> packed)
    {
        packed[..BackPackedSize].Clear();
        int side = Shape.Side;
        for (int channel = 0; channel < Shape.Channels; channel++)
        {
            var pair = packed[(channel / 2 * 2 * BackTaps)..];
            for (int tap = 0; tap < BackTaps; tap++)
            {
                var (row, kernel, column) = (tap / (side * Shape.Kernels), tap / side % Shape.Kernels, tap % side);
                pair[(2 * tap) + (channel % 2)] = weights[
                    (((((kernel * Shape.Channels) + channel) * side) + (side - 1 - row)) * side) + (side - 1 - column)
                ];
            }
        }
    }

    /// <summary>The pooled values <c>[kernels, height, width, lanes]</c>, and which of each window's values they are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Forward(float* input, float* packed, float* pooled, float* choices)
    {
        int* offsets = Pointer(_offsets);
        VectorBlock4* sums = stackalloc VectorBlock4[ConvolutionKernel.KernelsAtOnce];
        nint down = Shape.Width * Lanes;
        for (int y = 0; y < Shape.PooledHeight; y++)
        {
            for (int kernel = 0, count; kernel < Shape.Kernels; kernel += count)
            {
                count = AtOnce(kernel, Shape.Kernels);
                float* weights = packed + (kernel * (Shape.Taps + 1));
                for (int x = 0; x < Shape.PooledWidth; x++)
                {
                    for (int i = 0; i < count; i++)
                    {
                        sums[i] = VectorBlock4.All(
                            Vector.Create(weights[((i / 2 * (Shape.Taps + 1)) + Shape.Taps) * 2 + (i % 2)])
                        );
                    }

                    Add(
                        input + (2 * y * down) + (2 * x * Lanes),
                        down,
                        offsets,
                        Shape.Taps,
                        weights,
                        2 * (Shape.Taps + 1),
                        sums,
                        count
                    );
                    for (int i = 0; i < count && kernel + i < Shape.Kernels; i++)
                    {
                        int at = PooledAt(kernel + i, y, x);
                        ConvolutionKernel.Pool(sums[i], pooled + at, choices + at);
                    }
                }
            }
        }
    }

    /// <summary>Adds to the sums what the group gives to the weights' and biases' gradients, and leaves the output's
    /// gradients behind.</summary>
    /// <param name="input">What <see cref="Forward"/> had.</param>
    /// <param name="gradients">Of the pooled values.</param>
    /// <param name="choices">What <see cref="Forward"/> left.</param>
    /// <param name="padded">Takes the output's gradients; zeros around them, which stay.</param>
    /// <param name="sums">Zeros at first.</param>
    public void WeightGradients(float* input, float* gradients, float* choices, float* padded, float* sums)
    {
        int rows = _keepsRows ? Shape.PooledHeight : 1; // pooled ones at once
        float* top = padded + (((Margin * PaddedWidth) + Margin) * Lanes);
        nint down = PaddedWidth * Lanes;
        for (int y = 0; y < Shape.PooledHeight; y += rows)
        {
            for (int row = 0; row < rows; row++)
            {
                Unpool(y + row, gradients, choices, top + (2 * row * down), sums + (KernelPairs * 8 * TapQuads * Lanes));
            }

            for (int pair = 0; pair < KernelPairs; pair++)
            {
                for (int quad = 0; quad < TapQuads; quad++)
                {
                    ConvolutionKernel.AddRows(
                        top + (2 * pair * PaddedHeight * down),
                        PaddedHeight * down,
                        down,
                        input + (2 * y * Shape.Width * Lanes),
                        Shape.Width * Lanes,
                        Pointer(_offsets) + (4 * quad),
                        2 * rows,
                        2 * Shape.PooledWidth,
                        (VectorBlock4*)(sums + (((pair * TapQuads) + quad) * 8 * Lanes))
                    );
                }
            }
        }
    }

    /// <summary>The input's gradient, from what <see cref="WeightGradients"/> left behind: a convolution with the mirrored
    /// kernels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void InputGradient(float* padded, float* packed, float* gradient)
    {
        int* offsets = Pointer(_backOffsets);
        VectorBlock4* sums = stackalloc VectorBlock4[ConvolutionKernel.KernelsAtOnce];
        nint down = PaddedWidth * Lanes;
        int tapsInARow = Shape.Kernels * Shape.Side;
        for (int y = 0; y < Shape.Height; y = Next(y, Shape.Height))
        {
            int first = Math.Max(0, Shape.Side - 2 - y); // rows of the kernel that see nothing but padding are left out
            int end = Math.Min(Shape.Side, Shape.Side - 1 + Shape.OutputHeight - y);
            for (int channel = 0, count; channel < Shape.Channels; channel += count)
            {
                count = AtOnce(channel, Shape.Channels);
                float* weights = packed + (((channel / 2 * BackTaps) + (first * tapsInARow)) * 2);
                for (int x = 0; x < Shape.Width; x = Next(x, Shape.Width))
                {
                    new Span<VectorBlock4>(sums, count).Clear();
                    Add(
                        padded + (y * down) + (x * Lanes),
                        down,
                        offsets + (first * tapsInARow),
                        (end - first) * tapsInARow,
                        weights,
                        2 * BackTaps,
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

    /// <summary>The gradients of weights and biases, from every thread's sums, one after another <paramref name="stride"/>
    /// floats apart.</summary>
    public void Finish(float* sums, int threads, nint stride, Span<float> weights, Span<float> biases)
    {
        for (int kernel = 0; kernel < Shape.Kernels; kernel++)
        {
            for (int tap = 0; tap < Shape.Taps; tap++)
            {
                int at = (((((kernel / 2 * TapQuads) + (tap / 4)) * 2) + (kernel % 2)) * 4) + (tap % 4);
                weights[(kernel * Shape.Taps) + tap] = Total(sums + (at * Lanes), threads, stride);
            }

            biases[kernel] = Total(sums + (((KernelPairs * 8 * TapQuads) + kernel) * Lanes), threads, stride);
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

    /// <summary>The output's gradients in two rows, from those of a pooled row; adds to the sums of the biases'
    /// gradients.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Unpool(int y, float* gradients, float* choices, float* into, float* biases)
    {
        nint down = PaddedWidth * Lanes;
        for (int kernel = 0; kernel < Shape.Kernels; kernel++)
        {
            var sum = Vector.Load(biases + (kernel * Lanes));
            for (int x = 0; x < Shape.PooledWidth; x++)
            {
                int at = PooledAt(kernel, y, x);
                sum += ConvolutionKernel.Unpool(
                    Vector.Load(gradients + at),
                    choices + at,
                    into + (kernel * PaddedHeight * down) + (2 * x * Lanes),
                    down
                );
            }

            sum.Store(biases + (kernel * Lanes));
        }
    }

    private static int AtOnce(int kernel, int kernels) => kernels - kernel > 2 ? ConvolutionKernel.KernelsAtOnce : 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(
        float* input,
        nint down,
        int* offsets,
        int taps,
        float* weights,
        nint next,
        VectorBlock4* sums,
        int count
    )
    {
        if (count == 4)
        {
            ConvolutionKernel.AddFour(input, down, offsets, taps, weights, next, sums);
        }
        else
        {
            ConvolutionKernel.AddTwo(input, down, offsets, taps, weights, sums);
        }
    }

    private void Store(in VectorBlock4 values, float* gradient, int channel, int y, int x)
    {
        float* at = gradient + ((((channel * Shape.Height) + y) * Shape.Width) + x) * Lanes;
        values.A.Store(at);
        values.B.Store(at + Lanes);
        values.C.Store(at + (Shape.Width * Lanes));
        values.D.Store(at + ((Shape.Width + 1) * Lanes));
    }

    /// <summary>Two positions on; the last two overlap those before, where they must.</summary>
    private static int Next(int position, int size) => position + 2 >= size ? size : Math.Min(position + 2, size - 2);

    private int PooledAt(int kernel, int y, int x) => ((((kernel * Shape.PooledHeight) + y) * Shape.PooledWidth) + x) * Lanes;

    private static int[] Pinned(int count, Func<int, int> position)
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
