using System.Buffers.Binary;
using VisionSeqModels.Core;
using VisionSeqModels.Runs;

namespace VisionSeqModels.Training;

/// <summary>What rank 0 decides for all ranks before a run: its seed, and whether it begins or is resumed. The saved state goes
/// with it, so that only rank 0 needs the run folder.</summary>
internal sealed class RankStart : IDisposable
{
    private const int PieceBytes = 1 << 24;

    private RankStart(long seed, string? folder)
    {
        Seed = seed;
        StateFolder = folder;
    }

    public long Seed { get; }

    /// <summary>A folder of this rank alone with the saved state; null where the run begins.</summary>
    public string? StateFolder { get; }

    /// <summary>Rank 0's part.</summary>
    /// <param name="ranks">The ranks.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="stateFile">The state to resume; null where the run begins.</param>
    public static void Send(ShardRanks ranks, long seed, string? stateFile)
    {
        byte[] start = new byte[2 * sizeof(long)];
        using var file = stateFile is null ? null : FileSystem.Current.OpenRead(stateFile);
        BinaryPrimitives.WriteInt64LittleEndian(start, seed);
        BinaryPrimitives.WriteInt64LittleEndian(start.AsSpan(sizeof(long)), file?.Length ?? 0);
        ranks.FromFirst(default, start);
        byte[] piece = new byte[PieceBytes];
        for (long left = file?.Length ?? 0; left > 0; left -= PieceBytes)
        {
            int length = (int)Math.Min(left, PieceBytes);
            file!.ReadExactly(piece, 0, length);
            ranks.FromFirst(default, piece.AsMemory(0, length));
        }
    }

    /// <summary>The part of every other rank.</summary>
    public static RankStart Receive(ShardRanks ranks)
    {
        byte[] start = ranks.FromFirst(default, default);
        long seed = BinaryPrimitives.ReadInt64LittleEndian(start);
        long left = BinaryPrimitives.ReadInt64LittleEndian(start.AsSpan(sizeof(long)));
        if (left == 0)
        {
            return new RankStart(seed, null);
        }

        string folder = FileSystem.Current.CreateTemporaryFolder("visionseqmodels-");
        var received = new RankStart(seed, folder);
        try
        {
            AtomicFile.Write(
                new StateFile(folder).Last,
                stream =>
                {
                    for (; left > 0; left -= PieceBytes)
                    {
                        stream.Write(ranks.FromFirst(default, default));
                    }
                }
            );
            return received;
        }
        catch
        {
            received.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        if (StateFolder is not null)
        {
            FileSystem.Current.DeleteFolder(StateFolder, recursive: true);
        }
    }
}
