using VisionSeqModels.Models;
using VisionSeqModels.Studies;
using VisionSeqModels.Torch;
using VisionSeqModels.Training;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Callbacks;

/// <summary>Callbacks that draw random numbers keep the promises: a trial beside others has the bits that it has alone, and a
/// resumed run has those of a run in one piece.</summary>
[Collection("Torch")]
public sealed class CallbackRandomnessTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ImageDatasets _data = SyntheticImages.Create(
        new SyntheticImagesOptions
        {
            TrainCount = 128,
            TestCount = 32,
            Size = 16,
        }
    );

    public enum Source
    {
        Global,
        Context,
    }

    public void Dispose()
    {
        _data.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(Source.Global)]
    [InlineData(Source.Context)]
    public void FourEqualTrialsAtOnce_WithGradientNoise_HaveTheBitsOfTrialsOneAfterAnother(Source source)
    {
        using var threads = new ThreadCount(1);
        double[][] alone = Losses("alone", parallel: 1, source);
        double[][] together = Losses("together", parallel: 4, source);
        Assert.All(alone.Concat(together), losses => Assert.Equal(alone[0], losses));
    }

    [Theory]
    [InlineData(Source.Global)]
    [InlineData(Source.Context)]
    public void Resumed_DrawsWhatARunInOnePieceDraws(Source source)
    {
        var whole = Fit(_folder["whole"], 3, new GradientNoise(source));
        Fit(_folder["parts"], 1, new GradientNoise(source));
        var parts = Fit(_folder["parts"], 3, new GradientNoise(source));
        Assert.Equal(whole["train_loss"], parts["train_loss"]);
        Assert.NotEqual(whole["train_loss"], Fit(_folder["without"], 3)["train_loss"]);
    }

    /// <summary>Dropout draws from the generator that the hooks may draw from.</summary>
    [Fact]
    public void WhatAHookDraws_ChangesNothingElse()
    {
        var without = FitWithDropout();
        var with = FitWithDropout(new Draws());
        Assert.Equal(without["train_loss"], with["train_loss"]);
    }

    [Fact]
    public void NewGenerator_DiffersByCallHookStepCallbackAndSeed_AndIsTheSameAgain()
    {
        List<double> Of(long seed, params Callback[] callbacks)
        {
            foreach (var callback in callbacks.OfType<Numbers>())
            {
                callback.Drawn.Clear();
            }

            FitTiny(seed, callbacks);
            return [.. callbacks.OfType<Numbers>().SelectMany(callback => callback.Drawn)];
        }

        var both = Of(1, new Numbers(), new Numbers());
        Assert.Equal(both.Count, both.Distinct().Count());
        Assert.Equal(2 * 2 * (1 + 4 + 4 + 1), both.Count);
        Assert.Equal(both, Of(1, new Draws(), new Numbers(), new ExponentialMovingAverage(), new Numbers()));
        Assert.Empty(both.Intersect(Of(2, new Numbers())));
    }

    private double[][] Losses(string name, int parallel, Source source)
    {
        var study = Study.Run(
            _folder[name],
            StudyPlan.List([.. "abcd".Select(letter => (letter.ToString(), 0))]),
            (_, seed) =>
                new StudyTrial
                {
                    Model = Model(),
                    Options = Options(3, null),
                    Callbacks = [new RunRecorder(), new GradientNoise(source)],
                },
            new FitData { Train = _data.Train, Test = _data.Test },
            new StudyOptions { ParallelTrials = parallel, ThreadsPerTrial = 1 }
        );
        Assert.All(study.Trials, trial => Assert.Equal(StopReason.Completed, trial.Outcome));
        return [.. study.Trials.Select(trial => trial.History!["train_loss"].Concat(trial.History["test_loss"]).ToArray())];
    }

    private TrainingHistory Fit(string folder, int epochs, params Callback[] callbacks)
    {
        using var model = Model();
        var trainer = new Trainer(Options(epochs, folder));
        Array.ForEach(callbacks, trainer.Callbacks.Add);
        return RunDirectory.CanResume(folder) ? trainer.Resume(folder, model, _data.Train) : trainer.Fit(model, _data.Train);
    }

    private static TrainingHistory FitWithDropout(params Callback[] callbacks) => FitTiny(5, callbacks, dropout: 0.5);

    private static TrainingHistory FitTiny(long seed, Callback[] callbacks, double dropout = 0)
    {
        using var data = new TinyData(64);
        using var model = TinyModel.Create(dropout: dropout);
        var trainer = new Trainer(
            new TrainerOptions
            {
                Epochs = 1,
                BatchSize = 16,
                Seed = seed,
                Device = "cpu",
            }
        );
        Array.ForEach(callbacks, trainer.Callbacks.Add);
        return trainer.Fit(model, data);
    }

    private static TrainerOptions Options(int epochs, string? folder) =>
        new()
        {
            Epochs = epochs,
            BatchSize = 16,
            Seed = 1,
            Device = "cpu",
            RunDirectory = folder,
            DefaultCallbacks = false,
        };

    private LeNet Model() =>
        VisionModels.LeNet(
            LeNetOptions.For(_data) with
            {
                Conv1Channels = 2,
                Conv2Channels = 4,
                Fc1Size = 16,
                Fc2Size = 8,
                Seed = 1,
            }
        );

    private sealed class GradientNoise(Source source) : Callback
    {
        public override void OnBeforeOptimizerStep(BeforeOptimizerStepEvent e)
        {
            using var scope = NewDisposeScope();
            using var generator = source == Source.Context ? e.Context.NewGenerator() : null;
            foreach (var gradient in e.Context.Model.parameters().Select(parameter => parameter.grad).OfType<Tensor>())
            {
                gradient.add_(generator is null ? randn_like(gradient) : randn(gradient.shape, generator: generator), 0.05);
            }
        }
    }

    /// <summary>Draws in every hook and does nothing with it.</summary>
    private sealed class Draws : Callback
    {
        public override void OnFitStart(FitStartEvent e) => rand(3).Dispose();

        public override void OnEpochStart(EpochStartEvent e) => rand(3).Dispose();

        public override void OnBeforeOptimizerStep(BeforeOptimizerStepEvent e) => rand(3).Dispose();

        public override void OnStepEnd(StepEndEvent e) => rand(3).Dispose();
    }

    private sealed class Numbers : Callback
    {
        public List<double> Drawn { get; } = [];

        protected internal override bool DrawsRandomNumbers => false;

        public override void OnFitStart(FitStartEvent e) => Draw(e.Context);

        public override void OnBeforeOptimizerStep(BeforeOptimizerStepEvent e) => Draw(e.Context);

        public override void OnStepEnd(StepEndEvent e) => Draw(e.Context);

        public override void OnEpochEnd(EpochEndEvent e) => Draw(e.Context);

        private void Draw(FitContext context)
        {
            for (int i = 0; i < 2; i++)
            {
                using var generator = context.NewGenerator();
                using var number = rand([1], ScalarType.Float64, generator: generator);
                Drawn.Add(number.item<double>());
            }
        }
    }
}
