using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace VisionSeqModels.Kernels;

/// <summary>2×2 max pooling of float32 images on the CPU, four blocks at a time. As libtorch does, it takes the first of
/// equal values in reading order, and NaN where there is one.</summary>
internal static class MaxPool2x2Kernel
{
    /// <summary>The width of four blocks; narrower images are not supported.</summary>
    public const int MinimumWidth = 2 * Blocks;

    private const int Blocks = 4;
    private static readonly Vector256<int> EvensThenOdds = Vector256.Create(0, 2, 4, 6, 1, 3, 5, 7);
    private static readonly Vector256<int> Interleaved = Vector256.Create(0, 4, 1, 5, 2, 6, 3, 7);

    /// <summary>Pools; the input must be contiguous.</summary>
    /// <returns>The largest values, and the index of each in its block (0 to 3 in reading order), int32, both
    /// <c>[batch, channels, height / 2, width / 2]</c>; they belong to the current dispose scope.</returns>
    public static (Tensor Output, Tensor Choices) Forward(Tensor input)
    {
        var layout = new Layout(input.shape);
        var output = TensorMemory.Empty(layout.OutputShape);
        var choices = TensorMemory.EmptyIntegers(layout.OutputShape);
        Forward(
            in Floats(input, layout.InputCount),
            ref Floats(output, layout.OutputCount),
            ref Integers(choices, layout.OutputCount),
            layout
        );
        GC.KeepAlive(input);
        return (output, choices);
    }

    /// <summary>Propagates each block's gradient to the value that was chosen.</summary>
    /// <returns>The input's gradient, of the input's shape; it belongs to the current dispose scope.</returns>
    public static Tensor Backward(Tensor gradient, Tensor choices, long[] inputShape)
    {
        var layout = new Layout(inputShape);
        using var whole = gradient.contiguous();
        var result = layout.HasRest ? TensorMemory.Zeros(inputShape) : TensorMemory.Empty(inputShape);
        Backward(
            in Floats(whole, layout.OutputCount),
            in Integers(choices, layout.OutputCount),
            ref Floats(result, layout.InputCount),
            layout
        );
        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Forward(ref readonly float input, ref float output, ref int choices, Layout layout)
    {
        nuint at = 0;
        for (int row = 0; row < layout.BlockRows; row++, at += (nuint)layout.BlocksInARow)
        {
            nuint top = layout.Top(row);
            nuint bottom = top + (nuint)layout.Width;
            for (int block = 0; block < layout.BlocksInARow; block = layout.Next(block))
            {
                nuint column = (nuint)(2 * block);
                var upper = Vector256.Shuffle(Vector256.LoadUnsafe(in input, top + column), EvensThenOdds);
                var lower = Vector256.Shuffle(Vector256.LoadUnsafe(in input, bottom + column), EvensThenOdds);
                var largest = upper.GetLower();
                var choice = Vector128<int>.Zero;
                Take(ref largest, ref choice, upper.GetUpper(), 1);
                Take(ref largest, ref choice, lower.GetLower(), 2);
                Take(ref largest, ref choice, lower.GetUpper(), 3);
                largest.StoreUnsafe(ref output, at + (nuint)block);
                choice.StoreUnsafe(ref choices, at + (nuint)block);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Backward(ref readonly float gradient, ref readonly int choices, ref float result, Layout layout)
    {
        nuint at = 0;
        for (int row = 0; row < layout.BlockRows; row++, at += (nuint)layout.BlocksInARow)
        {
            nuint top = layout.Top(row);
            nuint bottom = top + (nuint)layout.Width;
            for (int block = 0; block < layout.BlocksInARow; block = layout.Next(block))
            {
                nuint column = (nuint)(2 * block);
                var values = Vector128.LoadUnsafe(in gradient, at + (nuint)block);
                var choice = Vector128.LoadUnsafe(in choices, at + (nuint)block);
                Pairs(Where(values, choice, 0), Where(values, choice, 1)).StoreUnsafe(ref result, top + column);
                Pairs(Where(values, choice, 2), Where(values, choice, 3)).StoreUnsafe(ref result, bottom + column);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Take(ref Vector128<float> largest, ref Vector128<int> choice, Vector128<float> values, int which)
    {
        var isLarger = Vector128.GreaterThan(values, largest) | ~Vector128.Equals(values, values);
        largest = Vector128.ConditionalSelect(isLarger, values, largest);
        choice = Vector128.ConditionalSelect(isLarger.AsInt32(), Vector128.Create(which), choice);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Where(Vector128<float> values, Vector128<int> choice, int which) =>
        values & Vector128.Equals(choice, Vector128.Create(which)).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Pairs(Vector128<float> evens, Vector128<float> odds) =>
        Vector256.Shuffle(Vector256.Create(evens, odds), Interleaved);

    private static ref float Floats(Tensor tensor, long count) =>
        ref MemoryMarshal.GetReference(TensorMemory.Floats(tensor, count));

    private static ref int Integers(Tensor tensor, long count) =>
        ref MemoryMarshal.GetReference(TensorMemory.Integers(tensor, count));

    /// <summary>Where the blocks of a contiguous stack of images lie.</summary>
    private readonly struct Layout(long[] shape)
    {
        private readonly int _rowsInAnImage = (int)(shape[2] / 2);
        private readonly nuint _imageSize = (nuint)(shape[2] * shape[3]);

        public long InputCount => shape[0] * shape[1] * shape[2] * shape[3];

        public long OutputCount => shape[0] * shape[1] * (shape[2] / 2) * (shape[3] / 2);

        public long[] OutputShape => [shape[0], shape[1], shape[2] / 2, shape[3] / 2];

        public bool HasRest => shape[2] % 2 == 1 || shape[3] % 2 == 1;

        public int Width { get; } = (int)shape[3];

        public int BlocksInARow { get; } = (int)(shape[3] / 2);

        public int BlockRows { get; } = (int)(shape[0] * shape[1] * (shape[2] / 2));

        /// <summary>The index of a block row's first value.</summary>
        public nuint Top(int row) =>
            ((nuint)(row / _rowsInAnImage) * _imageSize) + ((nuint)(2 * (row % _rowsInAnImage)) * (nuint)Width);

        /// <summary>Four blocks further; the last four of a row overlap those before where the width is not a multiple.</summary>
        public int Next(int block) =>
            block + Blocks >= BlocksInARow ? BlocksInARow : Math.Min(block + Blocks, BlocksInARow - Blocks);
    }
}
