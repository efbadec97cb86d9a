using TorchSharp;
using VisionSeqModels.Data;
using VisionSeqModels.Training;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Training;

[Collection("Torch")]
public sealed class TrainerFitTests
{
    [Fact]
    public void Fit_OnSeparableData_LearnsIt()
    {
        using var data = new TinyData();
        using var model = TinyModel.Create();
        var history = NewTrainer(epochs: 30).Fit(model, data, data);
        Assert.Equal(30, history.Epochs.Count);
        Assert.Equal(StopReason.Completed, history.StopReason);
        Assert.True(history.Epochs[^1]["test_accuracy"] > 0.95, $"accuracy {history.Epochs[^1]["test_accuracy"]}");
        Assert.Equal(30 * 8, history.Steps);
    }

    [Fact]
    public void Fit_SameSeed_GivesBitIdenticalWeightsAndMetrics()
    {
        using var data = new TinyData();
        using var first = TinyModel.Create(dropout: 0.3);
        using var second = TinyModel.Create(dropout: 0.3);
        var one = NewTrainer(epochs: 3).Fit(first, data, data);
        manual_seed(999); // the state of the global generator must not matter
        var two = NewTrainer(epochs: 3).Fit(second, data, data);
        Assert.Equal(one.Epochs.Select(epoch => epoch.Metrics), two.Epochs.Select(epoch => epoch.Metrics));
        foreach (var (name, value) in first.state_dict())
        {
            TensorAssert.Identical(value, second.state_dict()[name], name);
        }
    }

    [Fact]
    public void Fit_OtherSeed_GivesOtherWeights()
    {
        using var data = new TinyData();
        using var first = TinyModel.Create();
        using var second = TinyModel.Create();
        NewTrainer(epochs: 1, seed: 1).Fit(first, data);
        NewTrainer(epochs: 1, seed: 2).Fit(second, data);
        using var scope = NewDisposeScope();
        Assert.True((first.parameters().First() - second.parameters().First()).abs().max().ToSingle() > 1e-6f);
    }

    [Fact]
    public void Fit_AgainstAPlainLoop_GivesBitEqualLossesAndWeights()
    {
        using var data = new TinyData(count: 100); // a short last batch
        using var ours = TinyModel.Create(dropout: 0.2);
        using var plain = TinyModel.Create(dropout: 0.2);
        var history = NewTrainer(epochs: 3).Fit(ours, data);
        var losses = PlainLoop(plain, data, epochs: 3);
        Assert.Equal(losses, history["train_loss"]);
        foreach (var (name, value) in ours.state_dict())
        {
            TensorAssert.Identical(value, plain.state_dict()[name], name);
        }
    }

    [Fact]
    public void Fit_ReturnsEveryModuleInItsMode()
    {
        using var data = new TinyData();
        using var model = TinyModel.Create();
        model.eval();
        model.named_children().First(child => child.name == "dropout").module.train();
        NewTrainer(epochs: 1).Fit(model, data, data);
        Assert.False(model.training);
        Assert.All(model.named_children(), child => Assert.Equal(child.name == "dropout", child.module.training));
    }

    [Fact]
    public void Fit_TwoHundredSteps_LeavesAsManyTensorsAsTwenty()
    {
        using var data = new TinyData();
        using var model = TinyModel.Create(dropout: 0.1);
        var counter = new LiveTensorCounter();
        var trainer = NewTrainer(epochs: 25);
        trainer.Callbacks.Add(counter);
        trainer.Fit(model, data, data);
        Assert.Equal(200, counter.AfterStep.Count);
        Assert.Equal(counter.AfterStep[19], counter.AfterStep[199]);
    }

    [Fact]
    public void Fit_WhenItEnds_LeavesNoTensorButTheModels()
    {
        using var data = new TinyData();
        using var model = TinyModel.Create();
        NewTrainer(epochs: 1).Fit(model, data, data); // gradients now exist
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        NewTrainer(epochs: 2).Fit(model, data, data);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Fit_WithoutShuffle_SeesTheSamplesInStoredOrder()
    {
        using var data = new TinyData(count: 8);
        using var model = TinyModel.Create();
        var seen = new List<float>();
        var trainer = new Trainer(
            new TrainerOptions
            {
                Epochs = 1,
                BatchSize = 8,
                Shuffle = false,
                Device = "cpu",
            }
        );
        trainer.Callbacks.Add(new Listener(e => seen.AddRange(e.Batch.Inputs.data<float>().ToArray())));
        trainer.Fit(model, data);
        Assert.Equal(data.Inputs.data<float>().ToArray(), seen);
    }

    [Fact]
    public void Fit_WithDropLast_LeavesTheShortBatchOut()
    {
        using var data = new TinyData(count: 100);
        using var model = TinyModel.Create();
        var history = new Trainer(
            new TrainerOptions
            {
                Epochs = 1,
                BatchSize = 32,
                DropLast = true,
                Device = "cpu",
            }
        ).Fit(model, data);
        Assert.Equal(3, history.Epochs[0].Steps);
        Assert.Equal(96, history.Epochs[0].Samples);
    }

    [Fact]
    public void Fit_WithEvaluateEvery_EvaluatesThenAndAtTheEnd()
    {
        using var data = new TinyData();
        using var model = TinyModel.Create();
        var options = new TrainerOptions
        {
            Epochs = 5,
            EvaluateEveryEpochs = 2,
            Device = "cpu",
            Seed = 1,
        };
        var history = new Trainer(options).Fit(model, data, data);
        Assert.Equal([false, true, false, true, true], history.Epochs.Select(epoch => epoch["test_loss"] is not null));
        Assert.Equal(double.NaN, history["test_loss"][0]);
    }

    [Fact]
    public void Fit_WhenTheLossIsNotFinite_StopsAndSaysSo()
    {
        using var data = new TinyData();
        using var model = TinyModel.Create();
        var options = new TrainerOptions
        {
            Epochs = 5,
            Device = "cpu",
            Loss = Losses.From("nan", (outputs, targets) => outputs.sum() * float.NaN),
        };
        var history = new Trainer(options).Fit(model, data, data);
        Assert.Equal(StopReason.NonFinite, history.StopReason);
        Assert.Single(history.Epochs);
        Assert.StartsWith("The training loss became NaN in epoch 1, by step 4.", history.StopMessage);
    }

    [Fact]
    public void Fit_Cancelled_ReturnsItsHistoryWithAPartialEpoch()
    {
        using var data = new TinyData();
        using var model = TinyModel.Create();
        using var source = new CancellationTokenSource();
        var trainer = NewTrainer(epochs: 5);
        trainer.Callbacks.Add(
            new Listener(e =>
            {
                if (e.Step == 11)
                {
                    source.Cancel();
                }
            })
        );
        var history = trainer.Fit(model, data, data, source.Token);
        Assert.Equal(StopReason.Cancelled, history.StopReason);
        Assert.Equal(11, history.Steps);
        Assert.Equal([false, true], history.Epochs.Select(epoch => epoch.IsPartial));
    }

    [Fact]
    public void Fit_StoppedBeforeAnEpochsFirstStep_RecordsNothingOfIt()
    {
        using var data = new TinyData();
        using var model = TinyModel.Create();
        var trainer = NewTrainer(epochs: 5);
        trainer.Callbacks.Add(new StopAtStartOf(epoch: 2));
        var history = trainer.Fit(model, data, data);
        Assert.Equal(StopReason.StoppedEarly, history.StopReason);
        Assert.Single(history.Epochs);
    }

    private sealed class StopAtStartOf(int epoch) : Callback
    {
        public override void OnEpochStart(EpochStartEvent e)
        {
            if (e.Epoch == epoch)
            {
                e.Context.RequestStop("the test asks for it");
            }
        }
    }

    [Fact]
    public void Fit_WhenTheModelRefusesTheShape_NamesEpochStepAndShapes()
    {
        using var data = new TinyData();
        using var model = nn.Sequential(nn.Linear(3, 2));
        var error = Assert.Throws<TrainingStepException>(() => NewTrainer(epochs: 1).Fit(model, data));
        Assert.StartsWith(
            "Step 1 of epoch 1 failed on inputs Float32 [32, 2] and targets Int64 [32]: mat1 and mat2",
            error.Message
        );
        Assert.DoesNotContain("\n", error.Message);
    }

    [Fact]
    public void Fit_OfAModelWithoutParameters_SaysThereIsNothingToTrain()
    {
        using var data = new TinyData();
        using var model = nn.Sequential(nn.Tanh());
        Assert.Contains(
            "nothing to train",
            Assert.Throws<ArgumentException>(() => NewTrainer(epochs: 1).Fit(model, data)).Message
        );
    }

    [Fact]
    public void Fit_InsideACallersScope_LeavesAModelThatWorksAfterIt()
    {
        using var data = new TinyData();
        using var model = TinyModel.Create();
        var trainer = NewTrainer(epochs: 1);
        using (NewDisposeScope())
        {
            trainer.Fit(model, data, data);
        }

        var history = trainer.Fit(model, data, data);
        Assert.True(double.IsFinite(history.Epochs[0].TrainLoss));
        Assert.Equal(4, model.parameters().Count());
    }

    [Fact]
    public void Evaluate_ShortLastBatch_WeighsEverySampleAlike()
    {
        using var data = new TinyData(count: 100);
        using var model = TinyModel.Create();
        var whole = new Trainer(new TrainerOptions { EvaluationBatchSize = 100, Device = "cpu" }).Evaluate(model, data);
        var parts = new Trainer(new TrainerOptions { EvaluationBatchSize = 33, Device = "cpu" }).Evaluate(model, data);
        Assert.Equal(100, parts.SampleCount);
        Assert.Equal(whole.Accuracy, parts.Accuracy);
        Assert.Equal(whole.Loss, parts.Loss, 1e-6);
    }

    [Fact]
    public void Predict_GivesTheModelsOutputsInOrder_AndAutogradAcceptsThem()
    {
        using var data = new TinyData(count: 70);
        using var model = TinyModel.Create();
        model.eval();
        using var scope = NewDisposeScope();
        var predicted = new Trainer(new TrainerOptions { EvaluationBatchSize = 32, Device = "cpu" }).Predict(model, data);
        TensorAssert.Close(model.call(data.Inputs), predicted, 1e-6, "outputs");
        predicted.requires_grad_().sum().backward();
    }

    private static Trainer NewTrainer(int epochs, long seed = 1) =>
        new(
            new TrainerOptions
            {
                Epochs = epochs,
                BatchSize = 32,
                Seed = seed,
                Device = "cpu",
                Optimizer = new AdamOptions { LearningRate = 0.01 },
            }
        );

    /// <summary>The same training by hand, with the trainer's seeds: what users would write without it.</summary>
    private static List<double> PlainLoop(nn.Module<Tensor, Tensor> model, TinyData data, int epochs)
    {
        var losses = new List<double>();
        using var optimizer = optim.Adam(model.parameters(), lr: 0.01);
        model.train();
        for (int epoch = 1; epoch <= epochs; epoch++)
        {
            double sum = 0;
            int step = 0;
            foreach (
                var batch in data.Read(
                    new()
                    {
                        BatchSize = 32,
                        Shuffle = true,
                        Seed = 1,
                        Epoch = epoch,
                    }
                )
            )
            {
                using var scope = NewDisposeScope();
                manual_seed(StepSeed.Of(1, epoch, ++step));
                optimizer.zero_grad();
                var loss = nn.functional.cross_entropy(model.call(batch.Inputs), batch.Targets);
                loss.backward();
                optimizer.step();
                sum += (double)loss.ToSingle() * batch.Count;
            }

            losses.Add(sum / 100);
        }

        return losses;
    }

    private sealed class Listener(Action<StepEndEvent> onStep) : Callback
    {
        public override void OnStepEnd(StepEndEvent e) => onStep(e);
    }

    private sealed class LiveTensorCounter : Callback
    {
        public List<long> AfterStep { get; } = [];

        public override void OnStepEnd(StepEndEvent e) => AfterStep.Add(DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }
}
