using System.Globalization;
using VisionSeqModels.Data;

namespace VisionSeqModels.Tests.Faults;

/// <summary>A process that is killed while it writes the decoded images of a folder leaves no half file.</summary>
[Collection("Torch")]
public sealed class FolderCacheKillTests : IDisposable
{
    private const int Count = 60;
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Images of 768 KiB: 21 are written at a time.</summary>
    public static ImageFolderOptions Options(string cache) =>
        new()
        {
            Preparation = new() { Height = 512, Width = 512 },
            MemoryLimit = 0,
            CacheDirectory = cache,
            Threads = 1,
        };

    [Theory]
    [InlineData(1, 0)]
    [InlineData(45, 2 * 21)]
    [InlineData(Count, 2 * 21)]
    public void KilledWhileTheFileIsWritten_NoHalfFileIsFound_AndTheNextLoadIsRight(int killedAfter, int written)
    {
        Photos.Write(_folder["photos"], Count / 2, "a", "b");
        var options = Options(_folder["cache"]);
        using (var child = ChildProgram.StartFolder(_folder["photos"], _folder["cache"], killedAfter))
        {
            string? said = child.StandardOutput.ReadLine();
            child.Kill();
            child.WaitForExit();
            Assert.True(said == ChildProgram.Ready, said + child.StandardError.ReadToEnd());
        }

        string left = Assert.Single(Directory.GetFiles(_folder["cache"]));
        Assert.EndsWith(".tmp", left, StringComparison.Ordinal);
        Assert.Equal((long)written * options.Preparation.ByteCount, new FileInfo(left).Length);

        using var mapped = ImageFolder.Load(_folder["photos"], options);
        using var inMemory = ImageFolder.Load(_folder["photos"], options with { MemoryLimit = 1L << 30 });
        Assert.True(mapped.Train.Pixels.bytes.SequenceEqual(inMemory.Train.Pixels.bytes));
        Assert.True(mapped.Test.Pixels.bytes.SequenceEqual(inMemory.Test.Pixels.bytes));
        File.SetLastWriteTimeUtc(left, DateTime.UtcNow.AddHours(-1));
        ImageFolder.Load(_folder["photos"], options).Dispose();
        Assert.EndsWith(".images", Assert.Single(Directory.GetFiles(_folder["cache"])), StringComparison.Ordinal);
    }

    /// <summary>The child's side: loads, says Ready when it has read a number of files, and waits there for its end.</summary>
    public static int Load(string photos, string cache, string stallsAt)
    {
        var progress = new Stalls(int.Parse(stallsAt, CultureInfo.InvariantCulture));
        ImageFolder.Load(photos, Options(cache) with { Progress = progress }).Dispose();
        return 1; // nobody ended it
    }

    private sealed class Stalls(int at) : IProgress<ImageFolderProgress>
    {
        public void Report(ImageFolderProgress value)
        {
            if (value.Done == at)
            {
                Console.WriteLine(ChildProgram.Ready);
                Thread.Sleep(Timeout.Infinite);
            }
        }
    }
}
