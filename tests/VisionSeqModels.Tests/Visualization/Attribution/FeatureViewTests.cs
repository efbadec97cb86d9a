using SkiaSharp;
using TorchSharp;
using VisionSeqModels.Data;
using VisionSeqModels.Drawing;
using VisionSeqModels.Training;
using VisionSeqModels.Visualization;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Visualization.Attribution;

[Collection("Torch")]
public sealed class FeatureViewTests
{
    [Fact]
    public void Maximization_OfALinearUnitWithL2_IsItsWeights()
    {
        using var scope = NewDisposeScope();
        using var linear = nn.Linear(16, 2);
        using var model = nn.Sequential(("flat", nn.Flatten()), ("linear", linear));
        var options = new ActivationMaximizationOptions
        {
            Target = 1,
            StepCount = 3000,
            LearningRate = 0.002,
            L2 = 40,
            TotalVariation = 0,
            Jitter = 0,
            Minimum = -1,
            Maximum = 1,
        };
        var found = tensor(ActivationMaximization.Measure(model, [1, 1, 4, 4], options).Values.ToArray());
        var wanted = linear.weight![1].detach() * 16 / (2 * 40); // where the gradient w − 2·L2·x/D vanishes
        TensorAssert.Close(wanted, found, 0.02, "w D / (2 L2)");
    }

    [Fact]
    public void Maximization_RaisesTheScore_WithinItsBounds_RepeatsBySeed_AndLeavesTheModelAlone()
    {
        using var model = VisionModels.LeNet(new LeNetOptions { Seed = 1 });
        var options = new ActivationMaximizationOptions
        {
            Target = 3,
            StepCount = 40,
            Minimum = -1,
            Maximum = 1.5,
        };
        var first = ActivationMaximization.Measure(model, [1, 3, 32, 32], options);
        long live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var again = ActivationMaximization.Measure(model, [1, 3, 32, 32], options);
        Assert.Equal(live, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.Equal(first.Values, again.Values);
        Assert.NotEqual(first.Values, ActivationMaximization.Measure(model, [1, 3, 32, 32], options with { Seed = 1 }).Values);
        Assert.True(
            first.Score > ActivationMaximization.Measure(model, [1, 3, 32, 32], options with { StepCount = 1 }).Score + 0.03
        );
        Assert.All(first.Values, value => Assert.InRange(value, -1, 1.5f));
        Assert.All(model.parameters(), parameter => Assert.Null(parameter.grad));
        Assert.Equal(
            "conv2, map 7",
            ActivationMaximization
                .Measure(model, [1, 3, 32, 32], options with { StepCount = 2, Layer = "conv2", Target = 7 })
                .Method
        );
        Assert.Throws<InvalidOptionsException>(() =>
            ActivationMaximization.Measure(model, [1, 3, 32, 32], options with { Minimum = 2, Jitter = -1 })
        );
    }

    [Fact]
    public void TotalVariation_OfOneColourIsZero_AndOfAStepItsHeightTimesItsLength()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(0, ActivationMaximization.Variation(full([1, 2, 6, 6], 3f)).ToDouble());
        var step = zeros(1, 1, 6, 6);
        step.narrow(3, 3, 3).fill_(1);
        Assert.Equal(6.0 / 36, ActivationMaximization.Variation(step).ToDouble(), 1e-6);
    }

    [Fact]
    public void Transforms_AreShiftsScalesAndTurns()
    {
        using var scope = NewDisposeScope();
        var image = zeros(1, 1, 9, 9);
        image[0, 0, 4, 2] = 1; // two to the left of the middle
        Assert.Equal(1, InvarianceTotals.Transformed(image, ImageTransform.Shift, 3)[0, 0, 4, 5].ToDouble(), 1e-5);
        // counter-clockwise: from the left to below
        Assert.Equal(1, InvarianceTotals.Transformed(image, ImageTransform.Rotate, 90)[0, 0, 6, 4].ToDouble(), 1e-5);
        Assert.Equal(1, InvarianceTotals.Transformed(image, ImageTransform.Scale, 2)[0, 0, 4, 0].ToDouble(), 1e-5);
        TensorAssert.Close(image, InvarianceTotals.Transformed(image, ImageTransform.Rotate, 0), 1e-6, "no change");
    }

    [Fact]
    public void Invariance_IsTheDistanceOfFeatures_ZeroWithoutATransform_AndTheSameInAnyBatch()
    {
        using var scope = NewDisposeScope();
        using var model = VisionModels.LeNet(new LeNetOptions { Seed = 1 });
        var images = randn([4, 3, 32, 32], generator: new Generator(1));
        var labels = tensor([1L, 2, 3, 4]);
        var data = BatchSource.From("four", [new Batch(images.clone(), labels.clone())]);
        var options = new InvarianceCurvesOptions { Amounts = [0, 4] };
        var curves = InvarianceCurves.Measure(model, data, options);

        Assert.Equal(["conv1", "fc3"], curves.Distances.Keys);
        Assert.Equal(0, curves.Distances["fc3"][0], 1e-4);
        var moved = model.call(InvarianceTotals.Transformed(images, ImageTransform.Shift, 4));
        Assert.Equal((moved - model.call(images)).norm(1).mean().ToDouble(), curves.Distances["fc3"][1], 1e-5);
        Assert.Equal(moved.softmax(1).gather(1, labels.unsqueeze(1)).mean().ToDouble(), curves.Probabilities[1], 1e-6);
        var halves = BatchSource.From(
            "halves",
            [.. new[] { 0, 2 }.Select(at => new Batch(images.narrow(0, at, 2).clone(), labels.narrow(0, at, 2).clone()))]
        );
        var inHalves = InvarianceCurves.Measure(model, halves, options);
        Assert.Equal(curves.Distances["conv1"][1], inHalves.Distances["conv1"][1], 1e-4);
        Assert.Equal(curves.Probabilities[1], inHalves.Probabilities[1], 1e-6);
        PictureAssert.HasLines(curves.Draw(), 3);
        Assert.Throws<InvalidOptionsException>(() =>
            InvarianceCurves.Measure(model, data, options with { Transform = ImageTransform.Scale })
        );
        Assert.Throws<OperationCanceledException>(() =>
            InvarianceCurves.Measure(model, data, options, new CancellationToken(canceled: true))
        );
    }

    [Fact]
    public void FilterStrength_IsTheRootMeanSquare_AndItsLimitHolds()
    {
        using var scope = NewDisposeScope();
        using var conv = nn.Conv2d(1, 3, 2);
        using (no_grad())
        {
            conv.weight!.copy_(tensor(new float[] { 1, 1, 1, 1, 0.05f, 0.05f, 0.05f, 0.05f, 0, 0, 0, 2 }).reshape(3, 1, 2, 2));
        }

        using var model = nn.Sequential(("conv", conv));
        Assert.Equal([1, 0.05, 1], FilterStrength.Measure(model).Layers["conv"].Select(value => Math.Round(value, 5)));
        Assert.Equal(2, FilterStrength.Limit(conv));
        Assert.Equal([0.1, 0.05, 0.1], FilterStrength.Measure(model).Layers["conv"].Select(value => Math.Round(value, 5)));
        Assert.Equal(0, FilterStrength.Limit(conv, 0.11));
        PictureAssert.HasLines(FilterStrength.Measure(model).Draw(), 1);
    }

    [Fact]
    public void FeatureEvolution_LooksAfterItsEpochs_AndChangesNothingOfTheRun()
    {
        using var folder = new TempFolder();
        using var data = SyntheticImages.Create(
            new SyntheticImagesOptions
            {
                TrainCount = 64,
                TestCount = 1,
                Seed = 1,
            }
        );
        TrainingHistory Train(Callback? callback)
        {
            using var model = VisionModels.LeNet(new LeNetOptions { Seed = 1 });
            var trainer = new Trainer(
                new TrainerOptions
                {
                    Epochs = 3,
                    Seed = 1,
                    Device = "cpu",
                }
            );
            if (callback is not null)
            {
                trainer.Callbacks.Add(callback);
            }

            return trainer.Fit(model, data.Train);
        }

        var evolution = new FeatureEvolution(data.Train, "activation2")
        {
            Epochs = [1, 3],
            Maps = [2, 5],
            Directory = folder.Root,
        };
        var watched = Train(evolution);

        Assert.Equal([1, 3], evolution.Stages.Select(stage => stage.Epoch));
        Assert.All(evolution.Stages, stage => Assert.Equal([2, 5], stage.Maps.Select(map => map.Map)));
        Assert.True(File.Exists(folder["evolution_activation2.png"]));
        Assert.Equal(Train(null)["train_loss"], watched["train_loss"]);
        Assert.Throws<CallbackException>(() => Train(new FeatureEvolution(data.Train, "nowhere")));
    }

    [Fact]
    public void ActivationHistory_MeasuresAfterEachEpoch_AndWritesChartAndNumbers()
    {
        using var folder = new TempFolder();
        using var data = SyntheticImages.Create(
            new SyntheticImagesOptions
            {
                TrainCount = 64,
                TestCount = 20,
                Seed = 1,
            }
        );
        using var model = VisionModels.LeNet(new LeNetOptions { Seed = 1 });
        var watcher = new ActivationHistory(data.Test) { Directory = folder.Root, MeasureEveryEpochs = 2 };
        new Trainer(
            new TrainerOptions
            {
                Epochs = 4,
                Seed = 1,
                Device = "cpu",
            }
        )
        {
            Callbacks = { watcher },
        }.Fit(model, data.Train);

        Assert.Equal([2, 4], watcher.Reports.Select(entry => entry.Epoch));
        Assert.Equal(
            ActivationStatistics.Measure(model, data.Test).Layers[0].All.Mean,
            watcher.Reports[1].Report.Layers[0].All.Mean
        );
        Assert.Contains("\"epoch\":4", File.ReadAllText(folder["activation_history.json"]), StringComparison.Ordinal);
        Assert.True(new FileInfo(folder["activation_history.png"]).Length > 0);
    }

    [Fact]
    public void ParameterHistograms_CountEveryValue_DrawAPanelForEachParameter_AndSayWhereThereIsNoGradient()
    {
        using var scope = NewDisposeScope();
        using var linear = nn.Linear(3, 2);
        using var model = nn.Sequential(("linear", linear));
        var gradients = new ParameterHistogramsOptions { Gradients = true };
        using (no_grad())
        {
            linear.weight!.copy_(tensor(new float[] { -2, -1.99f, 0.01f, 0.01f, 2, float.NaN }).reshape(2, 3));
        }

        var weights = ParameterHistograms.Measure(model, new ParameterHistogramsOptions { BinCount = 4 });

        Assert.Equal(["linear.weight", "linear.bias"], weights.Parameters.Select(parameter => parameter.Name));
        Assert.Equal([2, 0, 2, 1], weights.Parameters[0].Counts);
        Assert.Equal(
            (5, 1, 2),
            (weights.Parameters[0].Count, weights.Parameters[0].NonFiniteCount, weights.Parameters[0].LargestMagnitude)
        );
        using var picture = PictureAssert.Decode(weights.Draw());
        Assert.Equal((660, 230), (picture.Width, picture.Height));
        PictureAssert.Has(picture, ChartPalette.Bars, within: new SKRectI(0, 0, 330, 230));
        PictureAssert.Has(picture, ChartPalette.Bars, within: new SKRectI(330, 0, 660, 230));
        Assert.Contains(
            "measure after backward",
            Assert.Throws<ArgumentException>(() => ParameterHistograms.Measure(model, gradients)).Message,
            StringComparison.Ordinal
        );
        model.call(randn(4, 3)).sum().backward();
        Assert.Equal(6, ParameterHistograms.Measure(model, gradients).Parameters[0].Count);
    }
}
