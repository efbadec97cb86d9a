using System.Security.Cryptography;

namespace VisionSeqModels.Tests.Data.Datasets;

/// <summary>Synthetic images of a few options, byte for byte.</summary>
[Collection("Torch")]
public sealed class SyntheticBytesTests
{
    [Theory]
    [InlineData(true, 1, 5, "f4ae39b0944df497", "c0d6c1b863dce6eb")]
    [InlineData(true, 3, 5, "494a67486650290d", "f47a64238bc64bb0")]
    [InlineData(false, 3, 5, "39c0d5c985745053", "2c969c2836cecfbf")]
    [InlineData(true, 3, -6, "84e5c2be31763937", "83ff9fe1e3b93842")]
    public void SameOptions_GiveTheSameBytes_OnEverySystem(bool varied, int channels, long seed, string train, string test)
    {
        using var data = SyntheticImages.Create(
            new SyntheticImagesOptions
            {
                TrainCount = 23,
                TestCount = 12,
                Channels = channels,
                Size = 16,
                Varied = varied,
                Seed = seed,
            }
        );
        Assert.Equal((train, test), (Sum(data.Train), Sum(data.Test)));
        Assert.Equal(23 % 10, data.Train.Labels.data<long>().ToArray().CountBy(label => label).Count(entry => entry.Value == 3));
        Assert.Equal(ImageNormalization.Centered(channels).Mean, data.Test.Normalization.Mean);
    }

    [Fact]
    public void SmallestImages_AreDrawn_AndSmallerRefused()
    {
        using var data = SyntheticImages.Create(
            new SyntheticImagesOptions
            {
                TrainCount = 1,
                TestCount = 1,
                Size = 16,
            }
        );
        Assert.Equal([1, 3, 16, 16], data.Train.Pixels.shape);
        Assert.Throws<InvalidOptionsException>(() => SyntheticImages.Create(new SyntheticImagesOptions { Size = 15 }));
    }

    private static string Sum(ImageDataset data) =>
        Convert.ToHexStringLower(SHA256.HashData([.. data.Pixels.bytes, .. data.Labels.bytes]).AsSpan(0, 8));
}
