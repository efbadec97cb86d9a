using TorchSharp;
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
            Steps = 3000,
            LearningRate = 0.002,
            L2 = 40,
            TotalVariation = 0,
            Jitter = 0,
            Minimum = -1,
            Maximum = 1,
        };
        var found = tensor(ActivationMaximization.OfClass(model, [1, 1, 4, 4], 1, options).Values.ToArray());
        var wanted = linear.weight![1].detach() * 16 / (2 * 40); // where the gradient w − 2·L2·x/D vanishes
        TensorAssert.Close(wanted, found, 0.02, "w D / (2 L2)");
    }

    [Fact]
    public void Maximization_RaisesTheScore_WithinItsBounds_RepeatsBySeed_AndLeavesTheModelAlone()
    {
        using var model = VisionModels.LeNet(new LeNetOptions { Seed = 1 });
        var options = new ActivationMaximizationOptions
        {
            Steps = 40,
            Minimum = -1,
            Maximum = 1.5,
        };
        var first = ActivationMaximization.OfClass(model, [1, 3, 32, 32], 3, options);
        long live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var again = ActivationMaximization.OfClass(model, [1, 3, 32, 32], 3, options);
        Assert.Equal(live, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.Equal(first.Values, again.Values);
        Assert.NotEqual(first.Values, ActivationMaximization.OfClass(model, [1, 3, 32, 32], 3, options with { Seed = 1 }).Values);
        Assert.True(
            first.Score > ActivationMaximization.OfClass(model, [1, 3, 32, 32], 3, options with { Steps = 1 }).Score + 0.03
        );
        Assert.All(first.Values, value => Assert.InRange(value, -1, 1.5f));
        Assert.All(model.parameters(), parameter => Assert.Null(parameter.grad));
        Assert.Equal(
            "conv2, map 7",
            ActivationMaximization.OfMap(model, [1, 3, 32, 32], "conv2", 7, options with { Steps = 2 }).Method
        );
        Assert.Throws<InvalidOptionsException>(() =>
            ActivationMaximization.OfClass(model, [1, 3, 32, 32], 3, options with { Minimum = 2, Jitter = -1 })
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
    public void Changes_AreShiftsScalesAndTurns()
    {
        using var scope = NewDisposeScope();
        var image = zeros(1, 1, 9, 9);
        image[0, 0, 4, 2] = 1; // two to the left of the middle
        Assert.Equal(1, InvarianceCurves.Changed(image, ImageTransform.Shift, 3)[0, 0, 4, 5].ToDouble(), 1e-5);
        // counter-clockwise: from the left to below
        Assert.Equal(1, InvarianceCurves.Changed(image, ImageTransform.Rotate, 90)[0, 0, 6, 4].ToDouble(), 1e-5);
        Assert.Equal(1, InvarianceCurves.Changed(image, ImageTransform.Scale, 2)[0, 0, 4, 0].ToDouble(), 1e-5);
        TensorAssert.Close(image, InvarianceCurves.Changed(image, ImageTransform.Rotate, 0), 1e-6, "no change");
    }

    [Fact]
    public void Invariance_IsTheDistanceOfFeatures_AndZeroWithoutAChange()
    {
        using var scope = NewDisposeScope();
        using var model = VisionModels.LeNet(new LeNetOptions { Seed = 1 });
        var images = randn([4, 3, 32, 32], generator: new Generator(1));
        var labels = tensor([1L, 2, 3, 4]);
        var curves = InvarianceCurves.Measure(model, images, labels, ImageTransform.Shift, [0, 4]);

        Assert.Equal(["conv1", "fc3"], curves.Distances.Keys);
        Assert.Equal(0, curves.Distances["fc3"][0], 1e-4);
        var moved = model.call(InvarianceCurves.Changed(images, ImageTransform.Shift, 4));
        Assert.Equal((moved - model.call(images)).norm(1).mean().ToDouble(), curves.Distances["fc3"][1], 1e-5);
        Assert.Equal(moved.softmax(1).gather(1, labels.unsqueeze(1)).mean().ToDouble(), curves.Probabilities[1], 1e-6);
        Assert.True(curves.Chart().Width > 0);
        Assert.Throws<ArgumentException>(() => InvarianceCurves.Measure(model, images, labels, ImageTransform.Scale, [0]));
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
        Assert.Equal([1, 0.05, 1], FilterStrength.Of(model)["conv"].Select(value => Math.Round(value, 5)));
        Assert.Equal(2, FilterStrength.Limit(conv));
        Assert.Equal([0.1, 0.05, 0.1], FilterStrength.Of(model)["conv"].Select(value => Math.Round(value, 5)));
        Assert.Equal(0, FilterStrength.Limit(conv, 0.11));
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
            ActivationStatistics.Collect(model, data.Test).Layers[0].All.Mean,
            watcher.Reports[1].Report.Layers[0].All.Mean
        );
        Assert.Contains("\"epoch\":4", File.ReadAllText(folder["activation_history.json"]), StringComparison.Ordinal);
        Assert.True(new FileInfo(folder["activation_history.png"]).Length > 0);
    }

    [Fact]
    public void ParameterHistograms_HaveAPanelAParameter_AndSayWhereThereIsNoGradient()
    {
        using var scope = NewDisposeScope();
        using var model = nn.Sequential(("linear", nn.Linear(3, 2)));
        Assert.Equal((660, 230), (ParameterHistograms.OfWeights(model).Width, ParameterHistograms.OfWeights(model).Height));
        Assert.Contains(
            "call it after backward",
            Assert.Throws<ArgumentException>(() => ParameterHistograms.OfGradients(model)).Message,
            StringComparison.Ordinal
        );
        model.call(randn(4, 3)).sum().backward();
        Assert.Equal(660, ParameterHistograms.OfGradients(model).Width);
    }
}
