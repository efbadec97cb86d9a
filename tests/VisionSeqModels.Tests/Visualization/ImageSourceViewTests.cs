using VisionSeqModels.Data;
using VisionSeqModels.Drawing;
using VisionSeqModels.Models;
using VisionSeqModels.Visualization;

namespace VisionSeqModels.Tests.Visualization;

/// <summary>Every view that shows images gives the same for images in memory, mapped, chosen from either, and a user's
/// own.</summary>
[Collection("Torch")]
public sealed class ImageSourceViewTests : IDisposable
{
    private const int Count = 24;

    private readonly TempFolder _folder = new();
    private readonly ImageDataset _images = Images();
    private readonly MemoryMappedImageDataset _mapped;
    private readonly LeNet _model = VisionModels.LeNet(new LeNetOptions { Seed = 1 });

    public ImageSourceViewTests()
    {
        MemoryMappedImageDataset.Write(_images, _folder["images"], _folder["labels"]);
        _mapped = MemoryMappedImageDataset.Open(
            _images.Name,
            _folder["images"],
            _folder["labels"],
            _images.ClassNames,
            _images.Normalization
        );
    }

    public static TheoryData<string> Kinds => ["mapped", "subset", "mapped subset", "own"];

    public void Dispose()
    {
        _model.Dispose();
        _mapped.Dispose();
        _images.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Views_OfAnySource_AreThoseOfImagesInMemory(string kind)
    {
        var source = Source(kind);
        var options = new TopActivationsOptions { Layer = "activation2", BatchSize = 7 };
        var expected = TopActivations.Measure(_model, _images, options);
        var actual = TopActivations.Measure(_model, source, options);
        Same(expected.Maps.SelectMany(map => map.Select(Key)), actual.Maps.SelectMany(map => map.Select(Key)));
        Same((expected with { Source = "" }).Draw(_images).ToPng(), (actual with { Source = "" }).Draw(source).ToPng());

        var errors = ConfidentErrors.Measure(_model, _images);
        var found = ConfidentErrors.Measure(_model, source);
        Assert.True(errors.ErrorCount > 0);
        Same(errors.Errors, found.Errors);
        Same((errors with { Source = "" }).Draw(_images).ToPng(), (found with { Source = "" }).Draw(source).ToPng());

        Assert.Equal(ConfusionMatrix.Measure(_model, _images).ToString(), ConfusionMatrix.Measure(_model, source).ToString());
        Same(ImageGrid.Draw([ImageTile.Of(_images, 5)]).ToPng(), ImageGrid.Draw([ImageTile.Of(source, 5)]).ToPng());
        Assert.Throws<ArgumentOutOfRangeException>(() => ImageTile.Of(source, Count));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void FeatureEvolution_OfAnySource_IsThatOfImagesInMemory(string kind)
    {
        IReadOnlyList<FeatureProjection> Watch(IImageSource source)
        {
            using var model = VisionModels.LeNet(new LeNetOptions { Seed = 1 });
            using var folder = new TempFolder();
            var evolution = new FeatureEvolution(source, "activation1") { Epochs = [1], Directory = folder.Root };
            var options = new TrainerOptions
            {
                Epochs = 1,
                Seed = 1,
                Device = "cpu",
            };
            new Trainer(options) { Callbacks = { evolution } }.Fit(model, _images);
            return evolution.Stages.Single().Maps;
        }

        Same(Watch(_images).Select(Key), Watch(Source(kind)).Select(Key));
    }

    private IImageSource Source(string kind) =>
        kind switch
        {
            "mapped" => _mapped,
            "subset" => new ImageSubset(_images, All),
            "mapped subset" => new ImageSubset(_mapped, All),
            _ => new OwnImages(_images),
        };

    private static long[] All => [.. Enumerable.Range(0, Count).Select(i => (long)i)];

    private static string Key(FeatureProjection projection) =>
        $"{projection.Map} {projection.ImageIndex} {projection.Activation:r} {projection.Box} "
        + string.Join(' ', projection.Values);

    private static void Same<T>(IEnumerable<T> expected, IEnumerable<T> actual) => Assert.Equal(expected, actual);

    private static ImageDataset Images()
    {
        using var data = SyntheticImages.Create(
            new SyntheticImagesOptions
            {
                TrainCount = Count,
                TestCount = 1,
                Seed = 1,
            }
        );
        return data.Train.Take(Count);
    }
}
