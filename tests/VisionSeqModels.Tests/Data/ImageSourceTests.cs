using System.Text.Json;
using VisionSeqModels.Data;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Data;

/// <summary>In memory, mapped, a part of either, or a user's own: every source of images gives the same.</summary>
[Collection("Torch")]
public sealed class ImageSourceTests : IDisposable
{
    private static readonly string[] Kinds = ["memory", "mapped", "subset", "mapped subset", "own"];

    private readonly TempFolder _folder = new();
    private readonly ImageDataset _images = Noise();
    private readonly MemoryMappedImageDataset _mapped;

    public ImageSourceTests()
    {
        MemoryMappedImageDataset.Write(_images, _folder["images"], _folder["labels"]);
        _mapped = MemoryMappedImageDataset.Open(
            "noise",
            _folder["images"],
            _folder["labels"],
            _images.ClassNames,
            _images.Normalization
        );
    }

    public static TheoryData<string> AllKinds => [.. Kinds];

    public void Dispose()
    {
        _mapped.Dispose();
        _images.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(AllKinds))]
    public void Source_CanBeSampled(string kind)
    {
        using var scope = NewDisposeScope();
        var source = Source(kind);
        var request = new BatchRequest
        {
            BatchSize = 4,
            Shuffle = true,
            Seed = 3,
            Epoch = 2,
        };
        var sampled = (SampledImages)
            SampledImages.Apply(new FitData { Train = source }, source, new BalancedSampling(), null).Train;
        var labels = sampled.Read(request).SelectMany(batch => batch.Targets.data<long>().ToArray()).ToList();
        Assert.Equal(sampled.Draw(3, 2).Select(place => (long)source.GetLabel(place)), labels);
        Assert.Equal((source.Count, source.Count), (labels.Count, sampled.Count));
    }

    [Theory]
    [MemberData(nameof(AllKinds))]
    public void Source_GivesShapeClassesPixelsAndLabels(string kind)
    {
        using var scope = NewDisposeScope();
        var source = Source(kind);
        Assert.Equal((60, 3, 8, 6), (source.Count, source.Channels, source.Height, source.Width));
        Assert.Equal(60, source.SampleCount);
        Assert.Equal(["a", "b", "c"], source.ClassNames);
        Assert.Equal(_images.Normalization, source.Normalization);
        for (int i = 0; i < 60; i++)
        {
            TensorAssert.Identical(_images.Pixels[i], source.GetPixels(i), $"image {i}");
            Assert.Equal(_images.Labels[i].item<long>(), source.GetLabel(i));
        }

        foreach (long outside in new long[] { -1, 60 })
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => source.GetPixels(outside));
            Assert.Throws<ArgumentOutOfRangeException>(() => source.GetLabel(outside));
        }
    }

    [Theory]
    [MemberData(nameof(AllKinds))]
    public void Subset_OfAnySource_GivesTheSameBatches_BitForBit(string kind)
    {
        using var scope = NewDisposeScope();
        long[] chosen = [40, 3, 17, 59, 0, 8, 21];
        foreach (bool shuffle in new[] { false, true })
        {
            var request = new BatchRequest
            {
                BatchSize = 3,
                Shuffle = shuffle,
                Seed = 5,
                Epoch = 2,
            };
            BatchRequest[] requests = [request, request with { DropLast = true }, request with { SkipBatches = 1 }];
            foreach (var each in requests)
            {
                AreIdentical(new ImageSubset(_images, chosen).Read(each), new ImageSubset(Source(kind), chosen).Read(each));
            }
        }
    }

    [Theory]
    [MemberData(nameof(AllKinds))]
    public void Split_OfAnySource_ChoosesTheSameImages(string kind)
    {
        var expected = _images.Split(0.25, seed: 9);
        var (train, validation) = Source(kind).Split(0.25, seed: 9);
        Assert.Equal(expected.Train.Indices, train.Indices);
        Assert.Equal(expected.Validation.Indices, validation.Indices);
        Assert.Equal(60, train.Count + validation.Count);
    }

    [Theory]
    [MemberData(nameof(AllKinds))]
    public void Fit_WithAValidationSplit_IsTheSameForAnySource_AndRunJsonHasShapeAndClasses(string kind)
    {
        string folder = _folder[kind];
        var expected = Fit(_images, folder + "-expected", epochs: 2);
        Assert.Equal(expected, Fit(Source(kind), folder, epochs: 2));

        using var run = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "run.json")));
        var data = run.RootElement.GetProperty("data");
        Assert.Equal("[3,8,6]", JsonSerializer.Serialize(data.GetProperty("image_shape")));
        Assert.Equal("""["a","b","c"]""", JsonSerializer.Serialize(data.GetProperty("class_names")));
        Assert.Equal(45, data.GetProperty("train_samples").GetInt64());
        Assert.Equal(15, data.GetProperty("validation_samples").GetInt64());
    }

    [Theory]
    [MemberData(nameof(AllKinds))]
    public void Resume_WithAValidationSplit_GivesTheBitsOfAnUninterruptedRun(string kind)
    {
        var whole = Fit(Source(kind), _folder["whole"], epochs: 3);
        Fit(Source(kind), _folder["part"], epochs: 1);
        using var model = Model();
        var history = new Trainer(Options(_folder["part"], epochs: 3)).Resume(_folder["part"], model, Source(kind));
        Assert.Equal(whole, Bits(model, history));
    }

    private static float[] Fit(IBatchSource data, string folder, int epochs)
    {
        using var model = Model();
        return Bits(model, new Trainer(Options(folder, epochs)).Fit(model, data));
    }

    private static TrainerOptions Options(string folder, int epochs) =>
        new()
        {
            Epochs = epochs,
            BatchSize = 7,
            Seed = 4,
            Device = "cpu",
            ValidationSplit = 0.25,
            RunDirectory = folder,
        };

    private static nn.Module<Tensor, Tensor> Model()
    {
        manual_seed(3);
        return nn.Sequential(nn.Flatten(), nn.Linear(3 * 8 * 6, 3));
    }

    /// <summary>The weights, and the validation loss of each epoch.</summary>
    private static float[] Bits(nn.Module<Tensor, Tensor> model, TrainingHistory history) =>
        [
            .. model.parameters().SelectMany(parameter => parameter.data<float>().ToArray()),
            .. history.Epochs.Select(epoch => (float)epoch["val_loss"]!.Value),
        ];

    private static void AreIdentical(IEnumerable<Batch> expected, IEnumerable<Batch> actual)
    {
        var (first, second) = (expected.ToList(), actual.ToList());
        Assert.Equal(first.Count, second.Count);
        foreach (var (one, other) in first.Zip(second))
        {
            TensorAssert.Identical(one.Inputs, other.Inputs, "inputs");
            TensorAssert.Identical(one.Targets, other.Targets, "targets");
        }
    }

    private IImageSource Source(string kind) =>
        kind switch
        {
            "memory" => _images,
            "mapped" => _mapped,
            "subset" => All(_images),
            "mapped subset" => All(All(_mapped)),
            _ => new OwnImages(_images),
        };

    private static ImageSubset All(IImageSource source) =>
        new(source, [.. Enumerable.Range(0, source.Count).Select(i => (long)i)]);

    private static ImageDataset Noise()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        return new ImageDataset(
            "noise",
            randint(0, 256, [60, 3, 8, 6], dtype: ScalarType.Byte),
            arange(60, dtype: ScalarType.Int64).remainder(3),
            ["a", "b", "c"],
            new ImageNormalization { Mean = [0.1, 0.2, 0.3], StandardDeviation = [0.3, 0.4, 0.5] }
        );
    }
}
