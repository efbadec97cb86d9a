using System.Buffers.Binary;
using System.Security.Cryptography;
using VisionSeqModels.Data;
using VisionSeqModels.Torch;

namespace VisionSeqModels.Training;

/// <summary>A number by which ranks find out that they read other batches.</summary>
/// <param name="batches">The batches.</param>
/// <param name="inputsToo">Whether the inputs count too, or only their shapes and the targets.</param>
internal readonly struct BatchDigest(IReadOnlyList<Batch> batches, bool inputsToo)
{
    public long Of(HostReader reader)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var batch in batches)
        {
            hash.AppendData(System.Text.Encoding.ASCII.GetBytes(Shape.Of(batch.Inputs)));
            hash.AppendData(reader.Message(inputsToo ? [batch.Inputs, batch.Targets] : [batch.Targets]));
            if (batch.Lengths is not null)
            {
                hash.AppendData(reader.Message([batch.Lengths]));
            }
        }

        return BinaryPrimitives.ReadInt64LittleEndian(hash.GetHashAndReset());
    }
}
