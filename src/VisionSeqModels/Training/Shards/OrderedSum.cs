using System.Numerics;
using System.Runtime.InteropServices;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Training;

/// <summary>Adds up one row of numbers a shard, always in the order of shards: so any number of ranks gives the same
/// bits.</summary>
/// <remarks>Alone each row is added at once. Otherwise every rank gets its own columns of all rows, adds them up in order, and
/// the sums are gathered. An all-reduce would be one call, but adds in an order that depends on the number of
/// ranks.</remarks>
/// <param name="ranks">The ranks.</param>
/// <param name="active">How many shards there are.</param>
internal sealed class OrderedSum(ShardRanks ranks, int active)
{
    private const int MostNumbers = 1 << 24; // of all rows at once

    private readonly List<Tensor> _rows = [];

    /// <summary>Adds the row of this rank's next shard, which is not used elsewhere.</summary>
    public void Add(Tensor row)
    {
        if (ranks.IsAlone && _rows.Count > 0)
        {
            using var scope = NewDisposeScope(); // of what in-place operations return
            _rows[0].AddInPlace(row);
            row.Dispose();
        }
        else
        {
            _rows.Add(row);
        }
    }

    /// <summary>The sum over the shards of all ranks, on the device.</summary>
    /// <param name="length">Numbers of a row.</param>
    /// <param name="type">Their type, float32 or float64.</param>
    /// <param name="device">Where the sum is to be.</param>
    public Tensor Total(int length, ScalarType type, Device device)
    {
        if (ranks.IsAlone)
        {
            return _rows[0];
        }

        var rows = _rows.ConvertAll(ranks.Reader.OnCpu);
        var total = empty(length, dtype: type);
        if (type == ScalarType.Float64)
        {
            Exchange<double>(rows, length, total);
        }
        else
        {
            Exchange<float>(rows, length, total);
        }

        return total.to(device);
    }

    private void Exchange<T>(List<Tensor> rows, int length, Tensor total)
        where T : struct, IAdditionOperators<T, T, T>
    {
        int columns = Math.Max(ranks.Size, MostNumbers / active);
        for (int begin = 0; begin < length; begin += columns)
        {
            using var scope = NewDisposeScope();
            int width = Math.Min(columns, length - begin);
            byte[] sums = Sum<T>(rows.ConvertAll(row => row.narrow(0, begin, width)), width);
            TensorMessage.Fill(total.narrow(0, begin, width), sums);
        }
    }

    /// <summary>The sums of some columns of all rows.</summary>
    private byte[] Sum<T>(List<Tensor> rows, int width)
        where T : struct, IAdditionOperators<T, T, T>
    {
        int size = Marshal.SizeOf<T>();
        (int Begin, int Count)[] columns =
        [
            .. Enumerable.Range(0, ranks.Size).Select(i => ShardSplit.Part(width, ranks.Size, i)),
        ];
        int[] rowsOf = [.. Enumerable.Range(0, ranks.Size).Select(rank => ranks.Of(rank, active).Count())];
        byte[] send = new byte[rows.Count * width * size];
        byte[] one = new byte[width * size];
        for (int i = 0; i < rows.Count; i++)
        {
            TensorMessage.Copy(rows[i], one);
            foreach (var (begin, count) in columns)
            {
                one.AsSpan(begin * size, count * size).CopyTo(send.AsSpan(((rows.Count * begin) + (i * count)) * size));
            }
        }

        int own = columns[ranks.Rank].Count;
        byte[] received = new byte[active * own * size];
        ranks.Exchange.AllToAll(
            send,
            [.. columns.Select(part => rows.Count * part.Count * size)],
            received,
            [.. rowsOf.Select(count => count * own * size)]
        );
        AddRows<T>(MemoryMarshal.Cast<byte, T>(received.AsSpan()), own);
        byte[] sums = new byte[width * size];
        ranks.Exchange.AllGather(received.AsSpan(0, own * size), sums, [.. columns.Select(part => part.Count * size)]);
        return sums;
    }

    /// <summary>Adds all rows to the first, one after another.</summary>
    private static void AddRows<T>(Span<T> rows, int width)
        where T : struct, IAdditionOperators<T, T, T>
    {
        var first = MemoryMarshal.Cast<T, Vector<T>>(rows[..width]);
        for (int begin = width; begin < rows.Length; begin += width)
        {
            var row = rows.Slice(begin, width);
            var vectors = MemoryMarshal.Cast<T, Vector<T>>(row);
            for (int i = 0; i < vectors.Length; i++)
            {
                first[i] += vectors[i];
            }

            for (int i = vectors.Length * Vector<T>.Count; i < width; i++)
            {
                rows[i] += row[i];
            }
        }
    }
}
