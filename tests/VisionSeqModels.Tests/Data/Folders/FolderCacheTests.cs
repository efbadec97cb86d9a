using SkiaSharp;
using VisionSeqModels.Data;

namespace VisionSeqModels.Tests.Data;

/// <summary>Images above the memory limit are kept in a file, which is used again while the folder is as it was.</summary>
[Collection("Torch")]
public sealed class FolderCacheTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly CountsFiles _progress = new();
    private readonly ImageFolderOptions _options;

    public FolderCacheTests()
    {
        Photos.Write(_folder["photos"], 5, "a", "b");
        _options = new ImageFolderOptions
        {
            Preparation = new() { Height = 6, Width = 8 },
            MemoryLimit = 0,
            CacheDirectory = _folder["cache"],
            Progress = _progress,
        };
    }

    private string[] Files => Directory.GetFiles(_folder["cache"]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TheFile_IsReadAgain_WhileNamesSizesAndTimesAreTheSame()
    {
        byte[] first = Load();
        Assert.Equal(10, _progress.Done);
        Assert.Equal(first, Load());
        Assert.Equal(10, _progress.Done); // nothing was decoded
        Assert.Single(Files);
    }

    public static TheoryData<string, Action<string>> Changes =>
        new()
        {
            { "time", root => File.SetLastWriteTimeUtc(Path.Combine(root, "a/00.png"), new DateTime(2001, 2, 3)) },
            { "size", root => File.AppendAllText(Path.Combine(root, "a/00.png"), "x") },
            { "name", root => File.Move(Path.Combine(root, "a/00.png"), Path.Combine(root, "a/zz.png")) },
            { "class", root => Directory.Move(Path.Combine(root, "a"), Path.Combine(root, "c")) },
            { "fewer", root => File.Delete(Path.Combine(root, "a/00.png")) },
            { "more", root => File.WriteAllBytes(Path.Combine(root, "a/x.png"), Photos.Encoded(SKColors.Red)) },
        };

    [Theory]
    [MemberData(nameof(Changes))]
    public void AnyChangeOfTheFolder_IsSeen_AndTheOldFileGoes(string name, Action<string> change)
    {
        Load();
        string before = Assert.Single(Files);
        int decoded = _progress.Done;
        change(_folder["photos"]);
        Load();
        Assert.True(_progress.Done > decoded, name);
        Assert.NotEqual(before, Assert.Single(Files));
    }

    [Fact]
    public void OtherOptions_HaveFilesOfTheirOwn()
    {
        ImageFolderOptions[] others =
        [
            _options with
            {
                Preparation = _options.Preparation with { Width = 9 },
            },
            _options with
            {
                Preparation = _options.Preparation with { Background = "#000000" },
            },
            _options with
            {
                Preparation = _options.Preparation with { Resize = ImageResize.Letterbox },
            },
            _options with
            {
                PixelLimit = 1000,
            },
        ];
        Load();
        for (int i = 0; i < others.Length; i++)
        {
            ImageFolder.Load(_folder["photos"], others[i]).Dispose();
            Assert.Equal(2 + i, Files.Length);
        }
    }

    [Fact]
    public void ADamagedFile_IsWrittenAgain()
    {
        byte[] images = Load();
        string path = Assert.Single(Files);
        byte[] sound = File.ReadAllBytes(path);
        byte[][] damaged =
        [
            [],
            sound[..^1],
            sound[1..],
            [.. sound[..^1], 0],
            [.. sound[..^16], .. new byte[8], .. sound[^8..]],
            [.. sound[..^16], 255, 255, 255, 255, 255, 255, 255, 127, .. sound[^8..]],
            [.. sound[..^40], .. new byte[24], .. sound[^16..]],
        ];
        foreach (byte[] bytes in damaged)
        {
            File.WriteAllBytes(path, bytes);
            Assert.Equal(images, Load());
            Assert.Equal(sound, File.ReadAllBytes(path));
        }
    }

    [Fact]
    public void WhereWritingFailsHalfWay_NoFileStays()
    {
        using (new FullDisk(room: 500))
        {
            Assert.Contains("cannot be written", Assert.Throws<IOException>(() => Load()).Message, StringComparison.Ordinal);
        }

        Assert.Empty(Files);
        File.WriteAllBytes(_folder["photos/a/00.png"], [1]);
        Assert.Throws<DatasetFormatException>(() => Load());
        Assert.Empty(Files);
    }

    [Fact]
    public void ACancelledLoad_LeavesNothing()
    {
        using var source = new CancellationTokenSource();
        var options = _options with { CancellationToken = source.Token, Progress = new Cancels(source) };
        Assert.ThrowsAny<OperationCanceledException>(() => ImageFolder.Load(_folder["photos"], options));
        Assert.Empty(Files);
    }

    [Fact]
    public void WhatAKilledProcessLeft_IsNoImageFile_AndGoesLater()
    {
        Load();
        string left = Assert.Single(Files) + ".abc-12345678.tmp";
        File.WriteAllBytes(left, new byte[100]);
        Load();
        Assert.True(File.Exists(left)); // another process may be writing it
        File.SetLastWriteTimeUtc(left, DateTime.UtcNow.AddHours(-1));
        Load();
        Assert.False(File.Exists(left));
    }

    [Fact]
    public void Progress_CountsEachFileOnce_InOrder()
    {
        Load();
        Assert.Equal(Enumerable.Range(1, 10), _progress.Seen);
        Assert.All(_progress.Totals, total => Assert.Equal(10, total));
    }

    private byte[] Load()
    {
        using var data = ImageFolder.Load(_folder["photos"], _options);
        return [.. data.Train.Pixels.bytes, .. data.Test.Pixels.bytes];
    }

    private sealed class CountsFiles : IProgress<ImageFolderProgress>
    {
        public int Done => Seen.Count;

        public List<int> Seen { get; } = [];

        public List<int> Totals { get; } = [];

        public void Report(ImageFolderProgress value)
        {
            Seen.Add(value.Done);
            Totals.Add(value.Total);
        }
    }

    private sealed class Cancels(CancellationTokenSource source) : IProgress<ImageFolderProgress>
    {
        public void Report(ImageFolderProgress value) => source.Cancel();
    }
}
