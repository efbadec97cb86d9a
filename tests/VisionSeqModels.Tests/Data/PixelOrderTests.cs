using VisionSeqModels.Data;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Data;

/// <summary>Pixels with the channels last are refused wherever pixels come in, with the permutation that helps.</summary>
[Collection("Torch")]
public sealed class PixelOrderTests
{
    private static readonly long[][] Reversed =
    [
        [2, 28, 28, 1],
        [2, 32, 32, 3],
        [2, 8, 8, 3],
        [2, 24, 17, 4],
    ];

    public static TheoryData<string, int> Cases
    {
        get
        {
            var cases = new TheoryData<string, int>();
            foreach (string place in Places.Keys)
            {
                foreach (int i in Enumerable.Range(0, Reversed.Length))
                {
                    cases.Add(place, i);
                }
            }

            return cases;
        }
    }

    private static Dictionary<string, Action<long[], TempFolder>> Places { get; } =
        new()
        {
            ["ImageDataset"] = (shape, _) => Images(shape).Dispose(),
            ["ImageDataset.Map"] = (shape, _) =>
            {
                using var good = Images([2, shape[3], shape[1], shape[2]]);
                good.Map(pixels => pixels.permute(0, 2, 3, 1)).Dispose();
            },
            ["ImageDataset.FromIdx"] = (shape, folder) =>
            {
                WriteIdx(shape, folder);
                ImageDataset.FromIdx("mine", folder["images"], folder["labels"], ["a"]).Dispose();
            },
            ["MemoryMappedImageDataset.Open"] = (shape, folder) =>
            {
                WriteIdx(shape, folder);
                MemoryMappedImageDataset.Open("mine", folder["images"], folder["labels"], ["a"]).Dispose();
            },
            ["an image source of one's own"] = (shape, _) =>
                ((IImageSource)new ReversedImages(shape)).Read(new BatchRequest { BatchSize = 2 }, [0, 1]).Count(),
            ["a recurrent classifier"] = (shape, _) =>
            {
                using var scope = NewDisposeScope();
                using var model = SequenceModels.Rnn(new RecurrentOptions { InputSize = (int)(shape[1] * shape[3]), Seed = 1 });
                model.call(zeros(shape));
            },
            ["LeNet"] = (shape, _) =>
            {
                using var scope = NewDisposeScope();
                using var model = VisionModels.LeNet(new LeNetOptions { InputChannels = (int)shape[3], Seed = 1 });
                model.call(zeros(shape));
            },
        };

    [Theory]
    [MemberData(nameof(Cases))]
    public void ChannelsLast_AreRefused(string place, int shape)
    {
        using var folder = new TempFolder();
        var error = Assert.ThrowsAny<Exception>(() => Places[place](Reversed[shape], folder));
        Assert.True(
            error.Message.Contains("channels before height and width, but [", StringComparison.Ordinal)
                && error.Message.Contains("permute(", StringComparison.Ordinal),
            error.Message
        );
    }

    [Theory]
    [InlineData(1, 28, 28)]
    [InlineData(3, 32, 32)]
    [InlineData(4, 32, 32)]
    [InlineData(3, 3, 3)]
    [InlineData(1, 100, 1)]
    [InlineData(13, 64, 64)] // satellites' bands
    [InlineData(16, 4, 4)]
    [InlineData(40, 1, 1)]
    [InlineData(8, 2, 3)]
    public void ImagesThatMayBeMeant_AreTaken(int channels, int height, int width)
    {
        using var images = Images([2, channels, height, width]);
        Assert.Equal(channels, images.Channels);
    }

    private static ImageDataset Images(long[] shape) =>
        new("mine", zeros(shape, dtype: ScalarType.Byte), zeros(shape[0], dtype: ScalarType.Int64), ["a"]);

    private static void WriteIdx(long[] shape, TempFolder folder)
    {
        using (var images = File.Create(folder["images"]))
        {
            IdxFile.WriteHeader(images, [.. shape.Select(size => (int)size)]);
            images.Write(new byte[shape.Aggregate(1L, (product, size) => product * size)]);
        }

        using var labels = File.Create(folder["labels"]);
        IdxFile.WriteHeader(labels, (int)shape[0]);
        labels.Write(new byte[shape[0]]);
    }
}
