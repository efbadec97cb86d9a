using System.Text;
using VisionSeqModels.Training;

namespace VisionSeqModels.Tests.Training;

/// <summary>Ranks with other versions of what computes, faked in what one of them says.</summary>
[Collection("Torch")]
public sealed class RankVersionTests
{
    [Theory]
    [InlineData("VisionSeqModels")]
    [InlineData("TorchSharp")]
    [InlineData(".NET")]
    public void ARankWithAnotherVersion_IsRefusedBeforeTheFirstStep(string library)
    {
        var scenario = new ShardScenario("gru") { Extra = new NoStep() };
        var e = Assert.Throws<InvalidOperationException>(() =>
            ThreadRanks.Run(3, exchange => scenario.Run(exchange.Rank == 1 ? new OtherVersion(exchange, library) : exchange))
        );
        Assert.StartsWith($"Rank 1 differs from rank 0 in {library}: \"", e.Message, StringComparison.Ordinal);
        Assert.Contains("Start every rank with the same program", e.Message, StringComparison.Ordinal);
    }

    private sealed class NoStep : Callback
    {
        public override void OnStepEnd(StepEndEvent e) => throw new InvalidOperationException("a step was done");
    }

    /// <summary>Says another version of one library.</summary>
    private sealed class OtherVersion(IShardExchange inner, string library) : IShardExchange
    {
        public int Rank => inner.Rank;

        public int Size => inner.Size;

        public void AllGather(ReadOnlySpan<byte> send, Span<byte> receive, ReadOnlySpan<int> counts)
        {
            byte[] said = send.ToArray();
            byte[] key = Encoding.UTF8.GetBytes($"\"{library}\":\"");
            if (send.IndexOf(key) is >= 0 and int at)
            {
                said[at + key.Length] = (byte)(said[at + key.Length] == '7' ? '6' : '7');
            }

            inner.AllGather(said, receive, counts);
        }

        public void AllToAll(
            ReadOnlySpan<byte> send,
            ReadOnlySpan<int> sendCounts,
            Span<byte> receive,
            ReadOnlySpan<int> receiveCounts
        ) => inner.AllToAll(send, sendCounts, receive, receiveCounts);
    }
}
