using System.Text.Json.Nodes;
using SkiaSharp;
using TorchSharp;
using VisionSeqModels.Data;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Data;

/// <summary>A folder of pictures becomes training and test images.</summary>
[Collection("Torch")]
public sealed class ImageFolderTests : IDisposable
{
    private static readonly ImageFolderOptions Small = new()
    {
        Preparation = new() { Height = 6, Width = 8 },
    };

    private readonly TempFolder _folder = new();
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void ClassesAreSubfolders_InOrdinalOrder_AndAFractionOfEachGoesToTheTestPart()
    {
        Photos.Write(_folder.Root, 10, "zebra", "Ape", "ape", "Ärger", "猫");
        using var data = ImageFolder.Load(_folder.Root, Small);
        Assert.Equal(["Ape", "ape", "zebra", "Ärger", "猫"], data.ClassNames);
        Assert.Equal((40, 10), (data.Train.Count, data.Test.Count));
        Assert.Equal(("folder", 3, 6, 8), (data.Name, data.Channels, data.Height, data.Width));
        for (int label = 0; label < 5; label++)
        {
            Assert.Equal(8, Labels(data.Train).Count(each => each == label));
            Assert.Equal(2, Labels(data.Test).Count(each => each == label));
        }
    }

    [Fact]
    public void SeedDecides_WhichImagesAreTestImages()
    {
        Photos.Write(_folder.Root, 20, "a", "b");
        using var first = ImageFolder.Load(_folder.Root, Small);
        using var again = ImageFolder.Load(_folder.Root, Small);
        using var other = ImageFolder.Load(_folder.Root, Small with { Seed = 1 });
        Assert.Equal(Bytes(first.Test), Bytes(again.Test));
        Assert.NotEqual(Bytes(first.Test), Bytes(other.Test));
        using var half = ImageFolder.Load(_folder.Root, Small with { TestFraction = 0.5 });
        Assert.Equal((20, 20), (half.Train.Count, half.Test.Count));
    }

    /// <summary>So that a wrong label can be found and mended.</summary>
    [Theory]
    [InlineData(1 << 30)]
    [InlineData(0)] // in a mapped file
    public void EveryImage_NamesTheFile_ItCameFrom(long memoryLimit)
    {
        Photos.Write(_folder.Root, 5, "a", "b");
        File.WriteAllText(_folder["a/00.png"], "broken");
        using var data = ImageFolder.Load(
            _folder.Root,
            Small with
            {
                MemoryLimit = memoryLimit,
                CacheDirectory = _folder[".cache"],
                OnBrokenFile = OnBrokenFile.Skip,
            }
        );
        foreach (var part in new[] { data.Train, data.Test })
        {
            var subset = new ImageSubset(part, [part.Count - 1]);
            Assert.Equal(part.GetFileName(part.Count - 1), subset.GetFileName(0));
            for (int i = 0; i < part.Count; i++)
            {
                string name = part.GetFileName(i)!;
                Assert.StartsWith(data.ClassNames[part.GetLabel(i)] + "/", name, StringComparison.Ordinal);
                Assert.Equal(
                    Small.Preparation.Decode(File.ReadAllBytes(_folder[name])),
                    part.GetPixels(i).clone().bytes.ToArray()
                );
            }

            Assert.Throws<ArgumentOutOfRangeException>(() => part.GetFileName(part.Count));
        }

        Assert.Null(SyntheticImages.Create(new() { TrainCount = 1, TestCount = 1 }).Test.GetFileName(0));
    }

    [Theory]
    [InlineData("train", "test")]
    [InlineData("Train", "VAL")]
    [InlineData("train", "validation")]
    public void PartsOfTheFolder_AreTaken_AsTheyAre(string train, string test)
    {
        Photos.Write(_folder[train], 3, "a", "b", "c");
        Photos.Write(_folder[test], 2, "a", "c");
        using var data = ImageFolder.Load(_folder.Root, Small);
        Assert.Equal(["a", "b", "c"], data.ClassNames);
        Assert.Equal([0, 0, 0, 1, 1, 1, 2, 2, 2], Labels(data.Train));
        Assert.Equal([0, 0, 2, 2], Labels(data.Test));
    }

    [Fact]
    public void TestFolder_NamesThePart_WhereThereAreTwo()
    {
        Photos.Write(_folder["train"], 3, "a", "b");
        Photos.Write(_folder["test"], 2, "a", "b");
        Photos.Write(_folder["val"], 1, "a", "b");
        Assert.Throws<DatasetFormatException>(() => ImageFolder.Load(_folder.Root, Small));
        using var data = ImageFolder.Load(_folder.Root, Small with { TestFolder = "val" });
        Assert.Equal((6, 2), (data.Train.Count, data.Test.Count));
    }

    [Fact]
    public void Group_IsNeverOnBothSides_AndEachClassKeepsItsFraction()
    {
        for (int person = 0; person < 12; person++)
        {
            Photos.Write(_folder["x"], 1 + (person % 4), "smile", "frown");
            foreach (string label in new[] { "smile", "frown" })
            {
                Directory.CreateDirectory(_folder[label]);
                Directory.Move(_folder[$"x/{label}"], _folder[$"{label}/{person:00}"]);
            }
        }

        Directory.Delete(_folder["x"]);
        var options = Small with { TestFraction = 0.25, Group = path => path.Split('/')[1] };
        var content = FolderContent.Of(_folder.Root, options);
        var train = content.Files.Take(content.TrainCount).Select(file => file.Relative.Split('/')[1]).ToHashSet();
        var test = content.Files.Skip(content.TrainCount).Select(file => file.Relative.Split('/')[1]).ToHashSet();
        Assert.Empty(train.Intersect(test));
        Assert.Equal(12, train.Count + test.Count);
        Assert.InRange(content.Files.Count - content.TrainCount, 12, 18); // of 60
        using var data = ImageFolder.Load(_folder.Root, options);
        Assert.Equal(data.Test.Count, 2 * Labels(data.Test).Count(label => label == 0));
    }

    [Fact]
    public void Images_AreThoseThatTheDecoderMakes_InMemoryAndMapped()
    {
        Photos.Write(_folder["photos"], 7, "a", "b");
        using var data = ImageFolder.Load(_folder["photos"], Small);
        var content = FolderContent.Of(_folder["photos"], Small);
        byte[][] expected =
        [
            .. content.Files.Select(file => ImageDecoder.Decode(File.ReadAllBytes(file.Path), Small.Preparation)),
        ];
        Assert.Equal(expected.SelectMany(image => image), Bytes(data.Train).Concat(Bytes(data.Test)));
        using var mapped = ImageFolder.Load(_folder["photos"], Mapped());
        Assert.Equal(Bytes(data.Train), Bytes(mapped.Train));
        Assert.Equal(Bytes(data.Test), Bytes(mapped.Test));
        Assert.Equal(data.Train.Normalization.Mean, mapped.Train.Normalization.Mean);
        var request = new BatchRequest { BatchSize = 5, Shuffle = true };
        Assert.Equal(
            data.Train.Read(request).SelectMany(batch => batch.Inputs.data<float>().ToArray()),
            mapped.Train.Read(request).SelectMany(batch => batch.Inputs.data<float>().ToArray())
        );
    }

    [Fact]
    public void MeanAndDeviation_AreThoseOfTheTrainingImages()
    {
        Photos.Write(_folder.Root, 10, "a", "b", "c");
        using var data = ImageFolder.Load(_folder.Root, Small with { Threads = 3 });
        var numbers = data.Train.Pixels.to_type(ScalarType.Float64) / 255;
        double[] mean = numbers.mean([0, 2, 3]).data<double>().ToArray();
        double[] deviation = numbers.std([0, 2, 3], unbiased: false).data<double>().ToArray();
        for (int channel = 0; channel < 3; channel++)
        {
            Assert.Equal(mean[channel], data.Train.Normalization.Mean[channel], 12);
            Assert.Equal(deviation[channel], data.Train.Normalization.StandardDeviation[channel], 12);
        }

        Assert.Equal(data.Train.Normalization, data.Test.Normalization);
        using var given = ImageFolder.Load(_folder.Root, Small with { Normalization = ImageNormalization.Cifar10 });
        Assert.Same(ImageNormalization.Cifar10, given.Train.Normalization);
    }

    [Fact]
    public void AChannelOfOneLevel_HasTheDeviation1()
    {
        foreach (string path in new[] { "a/1.png", "a/2.png", "b/1.png", "b/2.png" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder[path])!);
            using var bitmap = new SKBitmap(4, 4);
            bitmap.Erase(SKColors.Black);
            using var png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
            File.WriteAllBytes(_folder[path], png.ToArray());
        }

        using var data = ImageFolder.Load(_folder.Root, Small with { TestFraction = 0.5 });
        Assert.Equal([1.0, 1, 1], data.Train.Normalization.StandardDeviation);
    }

    [Fact]
    public void Preparation_IsCarried_ByEverySourceOfTheImages()
    {
        Photos.Write(_folder["photos"], 5, "a", "b");
        foreach (var options in new[] { Small, Mapped() })
        {
            using var data = ImageFolder.Load(_folder["photos"], options);
            var (part, _) = data.Train.Split(0.5);
            MemoryMappedImageDataset.Write(data.Train, _folder["images"], _folder["labels"]);
            using var mapped = MemoryMappedImageDataset.Open("any", _folder["images"], _folder["labels"], data.ClassNames);
            using var taken = data.Train.Take(2);
            IImageSource[] sources = [data.Train, data.Test, part, taken];
            Assert.All(sources, source => Assert.Equal(Small.Preparation, source.Preparation));
            Assert.Null(mapped.Preparation);
            Assert.Null(data.Train.Map(pixels => pixels.flip(3)).Preparation);
        }
    }

    [Fact]
    public void RunJson_SaysFolder_AndCountsTheFilesThatWereLeftOut()
    {
        Photos.Write(_folder["photos"], 5, "a", "b");
        File.WriteAllText(_folder["photos/a/notes.txt"], "no picture");
        File.WriteAllText(_folder["photos/b/empty.png"], "");
        using var data = ImageFolder.Load(_folder["photos"], Small with { OnBrokenFile = OnBrokenFile.Skip });
        Assert.Equal(2, data.Train.SkippedFiles.Concat(data.Test.SkippedFiles).Count());
        using var model = nn.Sequential(nn.Flatten(), nn.Linear(3 * 6 * 8, 2));
        var options = new TrainerOptions
        {
            Epochs = 1,
            ValidationSplit = 0.25,
            RunDirectory = _folder["run"],
            DefaultCallbacks = false,
        };
        new Trainer(options) { Callbacks = { new RunRecorder() } }.Fit(model, data.Train, data.Test);
        var json = JsonNode.Parse(File.ReadAllText(_folder["run/run.json"]))!;
        Assert.Equal("folder", (string?)json["source"]);
        Assert.Equal(2, (int?)json["data"]!["skipped_files"]);
    }

    private ImageFolderOptions Mapped() => Small with { MemoryLimit = 0, CacheDirectory = _folder["cache"] };

    private static IEnumerable<long> Labels(ImageDataset data) => data.Labels.data<long>().ToArray();

    private static byte[] Bytes(ImageDataset data) => data.Pixels.bytes.ToArray();
}
