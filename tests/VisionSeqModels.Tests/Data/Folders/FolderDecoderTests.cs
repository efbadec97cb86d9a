using SkiaSharp;
using VisionSeqModels.Data;

namespace VisionSeqModels.Tests.Data.Folders;

/// <summary>Files are decoded block by block, in order; what cannot be read is noted with its reason.</summary>
public sealed class FolderDecoderTests : IDisposable
{
    private static readonly ImagePreparation Small = new() { Height = 6, Width = 8 };

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Images of more than a megabyte, of which one thread takes 16 at a time.</summary>
    [Fact]
    public void SeveralBlocks_GiveAllImagesInOrder_WithoutThoseThatAreBroken()
    {
        var large = new ImagePreparation
        {
            Channels = 1,
            Height = 1030,
            Width = 1030,
            Resize = ImageResize.Stretch,
        };
        List<FolderFile> files = [];
        for (int i = 0; i < 20; i++)
        {
            files.Add(Write($"{i}.png", i == 17 ? [1] : Photos.Encoded(new SKColor((byte)(10 * i), 0, 0), 2, 2)));
        }

        var decoder = new FolderDecoder(Content(files, 20), new ImageFolderOptions { Preparation = large, Threads = 1 });
        var blocks = new List<byte[]>();
        decoder.Run(block => blocks.Add(block.ToArray()));

        Assert.Equal([16 * large.ByteCount, 3 * large.ByteCount], blocks.Select(block => block.Length));
        Assert.Equal([17], decoder.Broken.Keys);
        byte[] levels = [.. blocks.SelectMany(block => block.Chunk(large.ByteCount)).Select(image => image[^1])];
        Assert.Equal(Enumerable.Range(0, 20).Where(i => i != 17).Select(i => PictureColors.Grey(10 * i, 0, 0)), levels);
    }

    [Fact]
    public void WhatCannotBeOpened_IsNotedWithItsReason()
    {
        Directory.CreateDirectory(_folder["directory"]);
        FolderFile[] files =
        [
            Write("sound.png", Photos.Encoded(SKColors.Red)),
            NewFile("none.png", 10),
            NewFile("none.png", 0),
            NewFile("none.png", (512L << 20) + 1),
            NewFile("none.png", 512L << 20),
            NewFile("directory", 10),
        ];
        var decoder = new FolderDecoder(Content(files, 6), new ImageFolderOptions { Preparation = Small, Threads = 2 });
        int kept = 0;
        decoder.Run(block => kept += block.Length);

        Assert.Equal(Small.ByteCount, kept);
        Assert.Equal([1, 2, 3, 4, 5], decoder.Broken.Keys.Order());
        Assert.StartsWith("cannot be opened (", decoder.Broken[1], StringComparison.Ordinal);
        Assert.DoesNotContain(".)", decoder.Broken[1], StringComparison.Ordinal);
        Assert.Equal("is empty", decoder.Broken[2]);
        Assert.Equal("has 536870913 bytes, but at most 536870912 are read", decoder.Broken[3]);
        Assert.StartsWith("cannot be opened (", decoder.Broken[4], StringComparison.Ordinal);
        Assert.StartsWith("cannot be opened (", decoder.Broken[5], StringComparison.Ordinal);
    }

    [Fact]
    public void AFileThatBecameShorter_IsReadToItsEnd()
    {
        byte[] picture = Photos.Encoded(SKColors.Red);
        var file = Write("shorter.png", picture) with { Length = picture.Length + 10 };
        var decoder = new FolderDecoder(Content([file], 1), new ImageFolderOptions { Preparation = Small });
        byte[] image = [];
        decoder.Run(block => image = block.ToArray());
        Assert.Empty(decoder.Broken);
        Assert.Equal(Small.Decode(picture), image);
    }

    [Fact]
    public void Cancelled_StopsBeforeTheNextFile()
    {
        FolderFile[] files = [.. Enumerable.Range(0, 30).Select(i => Write($"{i}.png", Photos.Encoded(SKColors.Red)))];
        using var source = new CancellationTokenSource();
        var seen = new Cancels(source);
        var options = new ImageFolderOptions
        {
            Preparation = Small,
            Threads = 1,
            Progress = seen,
            CancellationToken = source.Token,
        };
        Assert.ThrowsAny<OperationCanceledException>(() =>
            new FolderDecoder(Content(files, 30), options).Run(_ => Assert.Fail("nothing is whole"))
        );
        Assert.Equal(1, seen.Count);
    }

    [Fact]
    public void WithoutASoundTrainingImage_TheNormalizationIsTheCentredOne()
    {
        FolderFile[] files = [Write("broken.png", [1]), Write("test.png", Photos.Encoded(SKColors.Red))];
        var decoder = new FolderDecoder(Content(files, 1), new ImageFolderOptions { Preparation = Small });
        decoder.Run(_ => { });
        Assert.Equal([0.5, 0.5, 0.5], decoder.Normalization.Mean);
        Assert.Equal([0.5, 0.5, 0.5], decoder.Normalization.StandardDeviation);
    }

    private FolderContent Content(IReadOnlyList<FolderFile> files, int trainCount) =>
        new(_folder.Root, ["a"], files, trainCount, []);

    private FolderFile Write(string name, byte[] bytes)
    {
        File.WriteAllBytes(_folder[name], bytes);
        return NewFile(name, bytes.Length);
    }

    private FolderFile NewFile(string name, long length) => new(_folder[name], name, "a", length, default);

    private sealed class Cancels(CancellationTokenSource source) : IProgress<ImageFolderProgress>
    {
        public int Count { get; private set; }

        public void Report(ImageFolderProgress value)
        {
            Count++;
            source.Cancel();
        }
    }
}
