using System.Text.Json.Nodes;
using VisionSeqModels.Data;
using VisionSeqModels.Training;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Data;

/// <summary>Weighted and balanced sampling: frequencies, determinism, resume, the record, and what is refused.</summary>
[Collection("Torch")]
public sealed class SamplingTests
{
    private const int Images = 40;

    [Fact]
    public void WeightedSampling_DrawsInProportionToTheWeights()
    {
        using var data = Rare();
        double[] weights = [.. Enumerable.Range(0, Images).Select(i => (double)(i % 5))];
        var sampling = new WeightedSampling { Weights = weights, SamplesPerEpoch = 50_000 };
        long[] drawn = Draw(data, sampling, seed: 3, epoch: 1);
        Assert.Equal(50_000, drawn.Length);
        double sum = weights.Sum();
        for (int i = 0; i < Images; i++)
        {
            double expected = 50_000 * weights[i] / sum;
            Assert.InRange(
                drawn.Count(place => place == i),
                expected - (4.5 * Math.Sqrt(expected)),
                expected + (4.5 * Math.Sqrt(expected))
            );
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.25)]
    public void BalancedSampling_DrawsEveryClassEquallyOften_AlsoAfterAValidationSplit(double validationSplit)
    {
        using var data = Rare();
        var whole = new FitData { Train = data };
        var split = ValidationSplit.Apply(whole, validationSplit, seed: 1);
        var train = (IImageSource)split.Train;
        var sampled = (SampledImages)
            SampledImages.Apply(split, data, new BalancedSampling { SamplesPerEpoch = 30_000 }, null).Train;
        var counts = sampled.Draw(seed: 1, epoch: 1).CountBy(place => train.GetLabel(place)).ToDictionary();
        Assert.Equal(3, counts.Count);
        Assert.All(counts.Values, count => Assert.InRange(count, 10_000 - 370, 10_000 + 370)); // 4.5 standard deviations
    }

    [Fact]
    public void WithoutReplacement_NoImageComesTwice_AndHeavyOnesComeFirst()
    {
        using var data = Rare();
        double[] weights =
        [
            .. Enumerable
                .Range(0, Images)
                .Select(i =>
                    i < 10 ? 0.0
                    : i < 20 ? 1000
                    : 1
                ),
        ];
        var sampling = new WeightedSampling { Weights = weights, Replacement = false };
        long[] all = Draw(data, sampling, seed: 1, epoch: 1);
        Assert.Equal(Enumerable.Range(10, 30).Select(i => (long)i), all.Order());
        Assert.InRange(all.Take(10).Count(place => place < 20), 8, 10);
        long[] few = Draw(data, sampling with { SamplesPerEpoch = 7 }, seed: 1, epoch: 1);
        Assert.Equal(all.Take(7), few);
    }

    [Fact]
    public void WeightsOfTheSplitImages_AreTheirOwn()
    {
        using var data = Rare();
        double[] weights = [.. Enumerable.Range(0, Images).Select(i => i % 2 == 0 ? 1.0 : 0)];
        var split = ValidationSplit.Apply(new FitData { Train = data }, 0.25, seed: 1);
        var sampled = (SampledImages)SampledImages.Apply(split, data, new WeightedSampling { Weights = weights }, null).Train;
        var places = sampled.Draw(1, 1).Select(place => ((ImageSubset)split.Train).Indices[(int)place]).ToList();
        Assert.Equal(split.Train.SampleCount, places.Count);
        Assert.All(places, place => Assert.Equal(0, place % 2));
    }

    [Fact]
    public void ImagesThatTheLossIgnores_AreNotDrawn()
    {
        using var data = Rare();
        var sampled = SampledImages.Apply(new FitData { Train = data }, data, new BalancedSampling(), ignoreIndex: 1).Train;
        Assert.DoesNotContain(1, ((SampledImages)sampled).Draw(1, 1).Select(place => data.GetLabel(place)));
    }

    /// <summary>A known answer, worked out independently in Python: it keeps the draw the same on every system.</summary>
    [Fact]
    public void TheDraw_IsAFunctionOfSeedAndEpoch_AndOfNothingElse()
    {
        using var data = Rare();
        var sampling = new WeightedSampling
        {
            Weights = [.. Enumerable.Range(0, Images).Select(i => 1.0 + i)],
            SamplesPerEpoch = 8,
        };
        Assert.Equal(KnownDraw, Draw(data, sampling, seed: 7, epoch: 2));
        int threads = get_num_threads();
        set_num_threads(threads == 1 ? 2 : 1);
        manual_seed(99);
        Assert.Equal(KnownDraw, Draw(data, sampling, seed: 7, epoch: 2));
        set_num_threads(threads);
        Assert.NotEqual(KnownDraw, Draw(data, sampling, seed: 7, epoch: 3));
        Assert.NotEqual(KnownDraw, Draw(data, sampling, seed: 8, epoch: 2));
    }

    [Fact]
    public void Batches_HaveTheDrawnImages_SkippedOnesIncluded()
    {
        using var data = Rare();
        using var scope = NewDisposeScope();
        var sampled = (SampledImages)SampledImages.Apply(new FitData { Train = data }, data, new BalancedSampling(), null).Train;
        var request = new BatchRequest
        {
            BatchSize = 16,
            Shuffle = true,
            Seed = 5,
            Epoch = 2,
        };
        var whole = sampled.Read(request).ToList();
        Assert.Equal([16, 16, 8], whole.Select(batch => batch.Count));
        long[] labels = [.. whole.SelectMany(batch => batch.Targets.data<long>().ToArray())];
        Assert.Equal(sampled.Draw(5, 2).Select(place => (long)data.GetLabel(place)), labels);
        var rest = sampled.Read(request with { SkipBatches = 1 }).ToList();
        Assert.Equal(whole[1].Inputs.bytes.ToArray(), rest[0].Inputs.bytes.ToArray());
        Assert.Equal(3, ((IBatchSource)sampled).CountBatches(request));
    }

    [Theory]
    [InlineData("balanced")]
    [InlineData("weighted")]
    [InlineData("without replacement")]
    public void ResumeWithinAnEpoch_IsBitIdentical_AndRunJsonSaysHowItWasSampled(string kind)
    {
        using var folder = new TempFolder();
        Sampling sampling = kind switch
        {
            "balanced" => new BalancedSampling { SamplesPerEpoch = 60 },
            "weighted" => new WeightedSampling { Weights = Weights() },
            _ => new WeightedSampling
            {
                Weights = Weights(),
                SamplesPerEpoch = 24,
                Replacement = false,
            },
        };
        using var whole = Fit(folder["whole"], sampling, stopAt: null);
        using var stopped = Fit(folder["parts"], sampling, stopAt: 4);
        using var resumed = Fit(folder["parts"], sampling, stopAt: null);
        Assert.All(
            whole.state_dict(),
            entry => Assert.Equal(entry.Value.bytes.ToArray(), resumed.state_dict()[entry.Key].bytes.ToArray())
        );
        var json = JsonNode.Parse(File.ReadAllText(folder["whole/run.json"]))!["trainer"]!["sampling"]!;
        Assert.Equal(sampling.GetType().Name, (string)json["name"]!);
        Assert.Equal(sampling.SamplesPerEpoch, (int?)json["samples_per_epoch"]);
        if (kind != "balanced")
        {
            Assert.Equal((Images, 64), ((int)json["weights"]!["count"]!, ((string)json["weights"]!["sha256"]!).Length));
        }

        var error = Assert.Throws<InvalidOperationException>(() => Fit(folder["parts"], sampling: null, stopAt: null));
        Assert.Contains("sampling {", error.Message, StringComparison.Ordinal);
        if (sampling is WeightedSampling weighted)
        {
            var others = weighted with { Weights = [.. Weights().Reverse()] };
            Assert.Throws<InvalidOperationException>(() => Fit(folder["parts"], others, stopAt: null));
        }
    }

    [Theory]
    [InlineData("negative", "Weights must be finite numbers of at least 0 (see index 3), but is -1.")]
    [InlineData("NaN", "Weights must be finite numbers of at least 0 (see index 3), but is NaN.")]
    [InlineData("infinite", "Weights must be finite numbers of at least 0 (see index 3), but is Infinity.")]
    [InlineData("zero", "Weights must be above 0 for an image at least, but is 0 for all.")]
    [InlineData("large", "Weights must be numbers of a finite sum, but is of an infinite one.")]
    [InlineData("none", "Weights must be a number for each training image, but is empty.")]
    [InlineData("too few", "Sampling.Weights must be one for each of the 40 training images of 'rare', but is 39.")]
    [InlineData("no replacement", "must be at most the 36 images of weight above 0 without replacement, but is 37.")]
    [InlineData("no samples", "SamplesPerEpoch must be at least 1, but is 0.")]
    [InlineData("unshuffled", "Sampling must be null where Shuffle is false (it draws a random order), but is WeightedSampling.")]
    [InlineData("other data", "Sampling must be null where the training data is no IImageSource")]
    public void WrongWeights_AreRefusedBeforeAnythingIsWritten(string fault, string message)
    {
        using var folder = new TempFolder();
        using var data = Rare();
        using var tiny = new TinyData();
        using var model = TinyModel.Create();
        var sampling = new WeightedSampling { Weights = Weights() };
        WeightedSampling With(double weight) => sampling with { Weights = [.. Weights().Select((w, i) => i == 3 ? weight : w)] };
        sampling = fault switch
        {
            "negative" => With(-1),
            "NaN" => With(double.NaN),
            "infinite" => With(double.PositiveInfinity),
            "zero" => sampling with { Weights = new double[Images] },
            "large" => sampling with { Weights = [.. Weights().Select(_ => double.MaxValue)] },
            "none" => sampling with { Weights = [] },
            "too few" => sampling with { Weights = [.. Weights().Skip(1)] },
            "no replacement" => sampling with { Replacement = false, SamplesPerEpoch = 37 },
            "no samples" => sampling with { SamplesPerEpoch = 0 },
            _ => sampling,
        };
        var options = new TrainerOptions
        {
            Sampling = sampling,
            Shuffle = fault != "unshuffled",
            RunDirectory = folder["run"],
            Device = "cpu",
        };
        var error = Assert.Throws<InvalidOptionsException>(() =>
            new Trainer(options).Fit(model, fault == "other data" ? tiny : data)
        );
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["run"]));
    }

    private static readonly long[] KnownDraw = [36, 29, 24, 19, 21, 35, 23, 35];

    private static double[] Weights() => [.. Enumerable.Range(0, Images).Select(i => i < 4 ? 0.0 : 1 + (i % 3))];

    private static long[] Draw(IImageSource data, Sampling sampling, long seed, int epoch) =>
        ((SampledImages)SampledImages.Apply(new FitData { Train = data }, data, sampling, null).Train).Draw(seed, epoch);

    /// <summary>30 images of class 0, 8 of class 1 and 2 of class 2.</summary>
    private static ImageDataset Rare()
    {
        using var scope = NewDisposeScope();
        byte[] pixels = new byte[Images * 64];
        new Random(1).NextBytes(pixels);
        long[] labels =
        [
            .. Enumerable
                .Range(0, Images)
                .Select(i =>
                    i < 2 ? 2L
                    : i < 10 ? 1
                    : 0
                ),
        ];
        return new ImageDataset("rare", tensor(pixels).reshape(Images, 1, 8, 8), tensor(labels), ["common", "seldom", "rare"]);
    }

    private static nn.Module<Tensor, Tensor> Fit(string folder, Sampling? sampling, int? stopAt)
    {
        using var data = Rare();
        using var source = new CancellationTokenSource();
        manual_seed(1);
        var model = nn.Sequential(("flat", nn.Flatten()), ("out", nn.Linear(64, 3)));
        var options = new TrainerOptions
        {
            Epochs = 3,
            BatchSize = 8,
            Seed = 2,
            Device = "cpu",
            RunDirectory = folder,
            Sampling = sampling,
            SaveStateEverySteps = 1,
        };
        var trainer = new Trainer(options);
        if (stopAt is int step)
        {
            trainer.Callbacks.Add(new StopAt(step, source));
        }

        _ = RunDirectory.CanResume(folder) ? trainer.Resume(folder, model, data) : trainer.Fit(model, data, null, source.Token);
        return model;
    }

    private sealed class StopAt(int step, CancellationTokenSource source) : Callback
    {
        public override void OnStepEnd(StepEndEvent e)
        {
            if (e.Step == step)
            {
                source.Cancel();
            }
        }
    }
}
