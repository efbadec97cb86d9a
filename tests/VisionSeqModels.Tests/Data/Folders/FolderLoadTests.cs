using VisionSeqModels.Core;
using VisionSeqModels.Data;

namespace VisionSeqModels.Tests.Data.Folders;

/// <summary>When the images of a folder are kept in a file, what is logged, and which settings are refused.</summary>
[Collection("Torch")]
public sealed class FolderLoadTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose()
    {
        FileSystem.Instead.Value = null;
        _folder.Dispose();
    }

    private ImageFolderOptions Small =>
        new()
        {
            Preparation = new() { Height = 6, Width = 8 },
            CacheDirectory = _folder["cache"],
        };

    [Fact]
    public void ImagesUpToTheLimit_StayInMemory()
    {
        Photos.Write(_folder["photos"], 5, "a", "b");
        var logger = new ListLogger();
        const int bytes = 10 * 3 * 6 * 8;
        using (var data = ImageFolder.Load(_folder["photos"], Small with { MemoryLimit = bytes, Logger = logger }))
        {
            Assert.False(data.Train.IsMapped);
            Assert.False(Directory.Exists(_folder["cache"]));
            Assert.Empty(logger.All);
        }

        using (var data = ImageFolder.Load(_folder["photos"], Small with { MemoryLimit = bytes - 1, Logger = logger }))
        {
            Assert.True(data.Train.IsMapped && data.Test.IsMapped);
            string file = Assert.Single(Directory.GetFiles(_folder["cache"]));
            Assert.Equal([$"The images of {_folder["photos"]} are mapped from {file}"], logger.All);
            byte[] kept = File.ReadAllBytes(file);
            using var changed = data.Train.Pixels.fill_(7);
            Assert.Equal(kept, File.ReadAllBytes(file));
        }
    }

    [Fact]
    public void EachFileThatIsLeftOut_IsLogged_AndStandsAtItsPart()
    {
        Photos.Write(_folder["train"], 3, "a", "b");
        Photos.Write(_folder["test"], 3, "a", "b");
        File.WriteAllBytes(_folder["train/b/broken.png"], []);
        File.WriteAllBytes(_folder["test/a/broken.png"], [1]);
        var logger = new ListLogger();
        using var data = ImageFolder.Load(_folder.Root, Small with { OnBrokenFile = OnBrokenFile.Skip, Logger = logger });
        Assert.Equal(
            [
                "train/b/broken.png is left out: it is empty",
                "test/a/broken.png is left out: it is no JPEG, PNG, WebP, BMP or GIF file, or is damaged",
            ],
            logger.All
        );
        Assert.Equal(["train/b/broken.png"], data.Train.SkippedFiles.Select(file => file.Path));
        Assert.Equal(["test/a/broken.png"], data.Test.SkippedFiles.Select(file => file.Path));
    }

    [Fact]
    public void ImagesOfSeveralBlocks_AreEachInItsPlace()
    {
        Photos.Write(_folder.Root, 10, "a", "b");
        var large = new ImagePreparation
        {
            Channels = 1,
            Height = 1030,
            Width = 1030,
        };
        using var data = ImageFolder.Load(_folder.Root, new ImageFolderOptions { Preparation = large, Threads = 1 });
        foreach (var part in new[] { data.Train, data.Test })
        {
            for (int i = 0; i < part.Count; i++)
            {
                byte[] expected = large.Decode(File.ReadAllBytes(_folder[part.GetFileName(i)!]));
                using var pixels = part.GetPixels(i);
                Assert.True(pixels.bytes.SequenceEqual(expected), part.GetFileName(i));
            }
        }
    }

    [Fact]
    public void WhatIsNoFolder_OrNoSetting_IsTheCallersFault()
    {
        Assert.Throws<ArgumentException>(() => ImageFolder.Load(" "));
        Assert.Equal("directory", Assert.Throws<ArgumentException>(() => ImageFolder.Load("")).ParamName);
        Assert.Throws<InvalidOptionsException>(() => ImageFolder.Load(_folder["none"], Small with { Threads = 0 }));
    }

    [Fact]
    public void Settings_AtTheirBounds()
    {
        ImageFolderOptions[] good =
        [
            Small with
            {
                PixelLimit = int.MaxValue / 4,
                Threads = 1,
                TestFraction = 1e-9,
            },
            Small with
            {
                PixelLimit = 1,
                MemoryLimit = 0,
                Threads = null,
                TestFraction = 1 - 1e-9,
            },
        ];
        Assert.All(good, options => options.Validate());
        ImageFolderOptions[] bad =
        [
            Small with
            {
                PixelLimit = (int.MaxValue / 4) + 1L,
            },
            Small with
            {
                TestFraction = 0,
            },
            Small with
            {
                TestFraction = 1,
            },
            Small with
            {
                Preparation = null!,
            },
        ];
        Assert.All(bad, options => Assert.Single(Assert.Throws<InvalidOptionsException>(options.Validate).Faults));
    }

    [Fact]
    public void OldFilesThatCannotGo_AreNoFault()
    {
        Photos.Write(_folder["photos"], 5, "a", "b");
        var options = Small with { MemoryLimit = 0 };
        new FolderCache(FolderContent.Of(_folder["photos"], options), options).RemoveOld(); // there is no folder yet
        ImageFolder.Load(_folder["photos"], options).Dispose();
        File.Delete(_folder["photos/a/00.png"]);
        foreach (var fault in new Exception[] { new IOException("in use"), new UnauthorizedAccessException("another's") })
        {
            FileSystem.Instead.Value = new Keeps(fault);
            ImageFolder.Load(_folder["photos"], options).Dispose();
            Assert.Equal(2, Directory.GetFiles(_folder["cache"]).Length);
        }
    }

    /// <summary>The file then has no image at all, only what is said of them.</summary>
    [Fact]
    public void AFolderOfBrokenFilesAlone_IsKeptToo()
    {
        Directory.CreateDirectory(_folder["photos/a"]);
        Directory.CreateDirectory(_folder["photos/b"]);
        foreach (string name in new[] { "a/1", "a/2", "b/1", "b/2" })
        {
            File.WriteAllBytes(_folder["photos/" + name], [1]);
        }

        var options = Small with { OnBrokenFile = OnBrokenFile.Skip, TestFraction = 0.5 };
        var cache = new FolderCache(FolderContent.Of(_folder["photos"], options), options);
        Assert.Null(cache.Read());
        Assert.Equal(0, cache.Write().Count);
        var read = cache.Read();
        Assert.Equal(4, read!.Broken.Count);
        Assert.Equal([0.5, 0.5, 0.5], read.Normalization.Mean);
    }

    private sealed class Keeps(Exception fault) : FileSystem
    {
        public override void Delete(string path)
        {
            if (path.EndsWith(".images", StringComparison.Ordinal))
            {
                throw fault;
            }

            base.Delete(path);
        }
    }
}
