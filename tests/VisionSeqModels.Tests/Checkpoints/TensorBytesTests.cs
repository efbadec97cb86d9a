using VisionSeqModels.Checkpoints;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Checkpoints;

/// <summary>A tensor's bytes come in pieces of whole elements.</summary>
[Collection("Torch")]
public sealed class TensorBytesTests
{
    [Theory]
    [InlineData(5, 8, new[] { 8, 8, 4 })]
    [InlineData(4, 8, new[] { 8, 8 })]
    [InlineData(4, 11, new[] { 8, 8 })]
    [InlineData(2, 1, new[] { 4, 4 })]
    [InlineData(2, 8, new[] { 8 })]
    [InlineData(2, 9, new[] { 8 })]
    [InlineData(0, 8, new int[0])]
    public void Pieces_HaveAsManyElementsAsFit(int elements, int pieceBytes, int[] pieces)
    {
        using var floats = zeros(elements);
        List<int> seen = [];
        TensorBytes.Visit(floats, piece => seen.Add(piece.Length), pieceBytes);
        Assert.Equal(pieces, seen);
    }
}
