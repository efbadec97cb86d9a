using static TorchSharp.torch;

namespace VisionSeqModels.Checkpoints;

/// <summary>The bytes of a tensor in pieces. A span of .NET ends at 2 GiB, and a tensor may be larger.</summary>
internal static class TensorBytes
{
    /// <summary>The bytes of a piece, unless a test asks for fewer.</summary>
    public const int UsualPiece = 1 << 28;

    /// <summary>Receives one piece after another.</summary>
    public delegate void Visitor(Span<byte> piece);

    /// <summary>Calls <paramref name="visit"/> with the tensor's own memory, piece by piece, in order.</summary>
    /// <param name="tensor">On the CPU and contiguous, of any size and dtype; it may be empty.</param>
    /// <param name="visit">Reads or fills a piece.</param>
    /// <param name="pieceBytes">The most bytes of a piece; it holds at least one element.</param>
    public static void Visit(Tensor tensor, Visitor visit, int pieceBytes = UsualPiece)
    {
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        var flat = tensor.detach().reshape(-1);
        long elements = flat.numel();
        long step = Math.Max(1, pieceBytes / flat.element_size());
        for (long begin = 0; begin < elements; begin += step)
        {
            using var piece = flat.narrow(0, begin, Math.Min(step, elements - begin));
            visit(piece.bytes);
        }
    }
}
