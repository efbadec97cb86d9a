using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Training;

/// <summary>Every rank has the same weights: those of rank 0 at the start, and each epoch shows that it is still so.</summary>
internal static class RankWeights
{
    /// <summary>Gives every rank the weights and buffers of rank 0.</summary>
    public static void Send(ShardRanks ranks, nn.Module model)
    {
        using var noGradients = no_grad();
        foreach (var tensor in model.state_dict().Values)
        {
            using var scope = NewDisposeScope();
            byte[] message = ranks.FromFirst(default, ranks.Rank == 0 ? ranks.Reader.Message([tensor]) : default);
            tensor.copy_(TensorMessage.Read(message)[0]);
        }
    }

    /// <exception cref="InvalidOperationException">The ranks have other weights.</exception>
    public static void Check(FitContext context)
    {
        var ranks = context.Ranks;
        if (ranks.IsAlone)
        {
            return;
        }

        var heads = ranks.Heads(new RankPlace(RankPhase.EpochDone, context.Epoch), Digest(ranks.Reader, context.Model));
        int other = Array.FindIndex(heads, head => head.Value != heads[0].Value);
        if (other >= 0)
        {
            throw new InvalidOperationException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"After epoch {context.Epoch} rank {other} has other weights than rank 0. A callback changes the weights on "
                )
                    + "some ranks only, or the processors differ. Let such a callback run on all ranks, and use machines of one "
                    + "kind."
            );
        }
    }

    private static long Digest(HostReader reader, nn.Module model)
    {
        using var scope = NewDisposeScope();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var tensor in model.state_dict().Values)
        {
            hash.AppendData(reader.Message([tensor]));
        }

        return BinaryPrimitives.ReadInt64LittleEndian(hash.GetHashAndReset());
    }
}
