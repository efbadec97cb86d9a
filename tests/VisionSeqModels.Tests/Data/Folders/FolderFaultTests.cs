using SkiaSharp;
using VisionSeqModels.Data;

namespace VisionSeqModels.Tests.Data;

/// <summary>What lies wrong in a folder of pictures is said in a sentence, or is right.</summary>
[Collection("Torch")]
public sealed class FolderFaultTests : IDisposable
{
    private static readonly ImageFolderOptions Small = new()
    {
        Preparation = new() { Height = 6, Width = 8 },
    };

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void BrokenEmptyAndForeignFiles_StandInOneMessage_OrAreLeftOut()
    {
        Photos.Write(_folder.Root, 5, "a", "b");
        byte[] sound = Photos.Encoded(SKColors.Red, 40, 40);
        File.WriteAllBytes(_folder["a/cut.png"], sound[..(sound.Length / 2)]);
        File.WriteAllBytes(_folder["a/empty.png"], []);
        File.WriteAllText(_folder["b/notes.txt"], "no picture");
        File.WriteAllBytes(_folder["b/bomb.png"], Photos.Encoded(SKColors.Blue, 3000, 1000));
        File.WriteAllBytes(_folder["stray.PNG"], sound);
        File.WriteAllText(_folder["README.txt"], "lies beside the classes and is no picture");
        var options = Small with { PixelLimit = 2_999_999 };
        string message = Assert.Throws<DatasetFormatException>(() => ImageFolder.Load(_folder.Root, options)).Message;
        Assert.Contains("has 5 that cannot be used, of 14 files.", message, StringComparison.Ordinal);
        Assert.Contains("- 'a/cut.png': it ends too early", message, StringComparison.Ordinal);
        Assert.Contains("- 'a/empty.png': it is empty", message, StringComparison.Ordinal);
        Assert.Contains("- 'b/notes.txt': it is no JPEG, PNG, WebP, BMP or GIF file", message, StringComparison.Ordinal);
        Assert.Contains("- 'b/bomb.png': it has 3000x1000 pixels, but at most 2999999", message, StringComparison.Ordinal);
        Assert.Contains("- 'stray.PNG': it lies in no class folder", message, StringComparison.Ordinal);
        using var data = ImageFolder.Load(_folder.Root, options with { OnBrokenFile = OnBrokenFile.Skip });
        Assert.Equal(10, data.Train.Count + data.Test.Count);
        Assert.Equal(
            ["a/cut.png", "a/empty.png", "b/bomb.png", "b/notes.txt", "stray.PNG"],
            data.Train.SkippedFiles.Concat(data.Test.SkippedFiles).Select(file => file.Path).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void ManyBrokenFiles_AreCounted_AndTwentyNamed()
    {
        Photos.Write(_folder.Root, 5, "a", "b");
        for (int i = 0; i < 30; i++)
        {
            File.WriteAllBytes(_folder[$"a/x{i:00}.png"], []);
        }

        string message = Assert.Throws<DatasetFormatException>(() => ImageFolder.Load(_folder.Root, Small)).Message;
        Assert.Equal(20, message.Split("it is empty").Length - 1);
        Assert.EndsWith("and 10 more.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void HiddenFiles_AndWhatSystemsLeave_AreLeftOut()
    {
        Photos.Write(_folder.Root, 5, "a", "b", ".trash", "__MACOSX");
        File.WriteAllText(_folder["a/.DS_Store"], "x");
        File.WriteAllText(_folder["a/._01.png"], "x");
        File.WriteAllText(_folder["a/Thumbs.db"], "x");
        File.WriteAllText(_folder["b/desktop.ini"], "x");
        using var data = ImageFolder.Load(_folder.Root, Small);
        Assert.Equal(["a", "b"], data.ClassNames);
        Assert.Equal(10, data.Train.Count + data.Test.Count);
    }

    [Fact]
    public void FilesAreKnownByTheirContent_WhateverTheirNames()
    {
        Photos.Write(_folder.Root, 4, "a", "b");
        File.WriteAllBytes(_folder["a/PHOTO.JPG"], Photos.Encoded(SKColors.Green, format: SKEncodedImageFormat.Jpeg));
        File.WriteAllBytes(_folder["a/no ending"], Photos.Encoded(SKColors.Green, format: SKEncodedImageFormat.Webp));
        File.WriteAllBytes(_folder["b/фото 猫 é.Png"], Photos.Encoded(SKColors.Green));
        File.WriteAllBytes(_folder["b/wrong.gif"], Photos.Encoded(SKColors.Green));
        using var data = ImageFolder.Load(_folder.Root, Small);
        Assert.Equal(12, data.Train.Count + data.Test.Count);
    }

    [Fact]
    public void Links_AreFollowed_ButNotInACircle()
    {
        Photos.Write(_folder["photos"], 5, "a", "b");
        Photos.Write(_folder["elsewhere"], 3, "c");
        Directory.CreateSymbolicLink(_folder["photos/c"], _folder["elsewhere/c"]);
        File.CreateSymbolicLink(_folder["photos/a/one.png"], _folder["elsewhere/c/00.png"]);
        using (var data = ImageFolder.Load(_folder["photos"], Small))
        {
            Assert.Equal(["a", "b", "c"], data.ClassNames);
            Assert.Equal(14, data.Train.Count + data.Test.Count);
        }

        Directory.CreateSymbolicLink(_folder["photos/a/up"], _folder["photos"]);
        Directory.CreateSymbolicLink(_folder["photos/b/self"], _folder["photos/b"]);
        File.CreateSymbolicLink(_folder["photos/b/gone.png"], _folder["nowhere.png"]);
        File.CreateSymbolicLink(_folder["photos/b/round.png"], _folder["photos/b/round.png"]);
        var options = Small with { OnBrokenFile = OnBrokenFile.Skip };
        using var rest = ImageFolder.Load(_folder["photos"], options);
        Assert.Equal(14, rest.Train.Count + rest.Test.Count);
        Assert.Equal(
            ["a/up", "b/gone.png", "b/round.png", "b/self"],
            rest.Train.SkippedFiles.Select(file => file.Path).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void AFolderWithoutPermission_IsNamed()
    {
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
        {
            return; // who may read everything cannot see this
        }

        Photos.Write(_folder.Root, 5, "a", "b");
        File.SetUnixFileMode(_folder["a/00.png"], UnixFileMode.None);
        Assert.Contains("'a/00.png': it cannot be opened", Message(), StringComparison.Ordinal);
    }

    [Fact]
    public void OneFileOnly_GivesNoTestPart()
    {
        Photos.Write(_folder.Root, 1, "a", "b");
        Assert.Contains(
            "leaves one part without images",
            Assert.Throws<ArgumentException>(() => ImageFolder.Load(_folder.Root, Small)).Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("a/b", "one subfolder alone, 'a'")]
    [InlineData("train/a;train/b", "has the folders train, which may be classes or parts")]
    [InlineData("train/a;train/b;test/a;test/b;car/x", "may be classes or parts")]
    [InlineData("train/a;train/b;test/a;test/B", "has the class 'B', which the training images do not have; they have 'b'")]
    [InlineData("train/a;train/b;test/a;test/c", "has the class 'c', which the training images do not have.")]
    [InlineData("train/a;train/b;test", "has no subfolder")]
    public void FoldersThatAreNoClasses_AreNamed(string folders, string expected)
    {
        foreach (string folder in folders.Split(';'))
        {
            Photos.Write(_folder.Root, 3, folder);
        }

        Assert.Contains(expected, Message(), StringComparison.Ordinal);
    }

    [Fact]
    public void AnEmptyClassFolder_IsNamed()
    {
        Photos.Write(_folder.Root, 3, "a", "b");
        Directory.CreateDirectory(_folder["c"]);
        Assert.Contains("has classes without files: c", Message(), StringComparison.Ordinal);
    }

    [Fact]
    public void AClassOfBrokenFilesAlone_IsNamed_EvenWhereTheyAreLeftOut()
    {
        Photos.Write(_folder.Root, 5, "a", "b");
        Directory.CreateDirectory(_folder["c"]);
        File.WriteAllText(_folder["c/1.png"], "x");
        File.WriteAllText(_folder["c/2.png"], "y");
        foreach (long limit in new[] { 1L << 30, 0 })
        {
            var options = Small with
            {
                OnBrokenFile = OnBrokenFile.Skip,
                MemoryLimit = limit,
                CacheDirectory = _folder[".cache"],
            };
            string message = Assert.Throws<DatasetFormatException>(() => ImageFolder.Load(_folder.Root, options)).Message;
            Assert.Contains("has no training images of these classes: c", message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void AGroupInBothParts_IsNamed()
    {
        Photos.Write(_folder["train"], 3, "a", "b");
        Photos.Write(_folder["test"], 3, "a", "b");
        var options = Small with { Group = path => path.Split('/')[^1] };
        Assert.Contains(
            "has the group '00.png' in both parts, for example 'test/a/00.png'",
            Assert.Throws<DatasetFormatException>(() => ImageFolder.Load(_folder.Root, options)).Message,
            StringComparison.Ordinal
        );
    }

    private string Message() => Assert.Throws<DatasetFormatException>(() => ImageFolder.Load(_folder.Root, Small)).Message;
}
