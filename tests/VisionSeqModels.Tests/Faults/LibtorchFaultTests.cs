using TorchSharp;
using VisionSeqModels.Models;
using VisionSeqModels.Training;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Faults;

/// <summary>What libtorch refuses comes as an exception of this library with libtorch's own message, and leaves no tensor
/// behind.</summary>
[Collection("Torch")]
public sealed class LibtorchFaultTests
{
    private static readonly TrainerOptions Options = new()
    {
        Epochs = 1,
        BatchSize = 8,
        EvaluationBatchSize = 8,
        Seed = 1,
        Device = "cpu",
    };

    [Fact]
    public void WrongShapes_AreSaidByFitEvaluateAndPredict()
    {
        const string message = "mat1 and mat2 shapes cannot be multiplied (8x2 and 3x8)";
        using var data = new TinyData(16);
        using var model = nn.Sequential(("first", nn.Linear(3, 8)), ("out", nn.Linear(8, 2)));
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        Assert.Equal(
            $"Step 1 of epoch 1 failed on inputs Float32 [8, 2] and targets Int64 [8]: {message}",
            Assert.Throws<TrainingStepException>(() => new Trainer(Options).Fit(model, data)).Message
        );
        Assert.Equal(
            $"The evaluation of batch 1 of 'tiny' failed on inputs Float32 [8, 2] and targets Int64 [8]: {message}",
            Assert.Throws<EvaluationException>(() => new Trainer(Options).Evaluate(model, data)).Message
        );
        Assert.Throws<EvaluationException>(() => new Trainer(Options).Predict(model, data));
        Assert.Throws<TrainingStepException>(() => new Trainer(Options).OverfitOneBatch(model, data));
        Assert.Throws<TrainingStepException>(() => new Trainer(Options).LearningRateRangeTest(model, data));

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void LabelBeyondTheClasses_IsNamed()
    {
        using var data = new TinyData(16);
        data.Targets.fill_(7);
        using var model = TinyModel.Create();
        Assert.Contains(
            ": Cross-entropy expects labels from 0 to 1, but the label at index 0 of the batch is 7.",
            Assert.Throws<TrainingStepException>(() => new Trainer(Options).Fit(model, data)).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            ": Cross-entropy expects labels from 0 to 1, but the label at index 0 of the batch is 7.",
            Assert.Throws<EvaluationException>(() => new Trainer(Options).Evaluate(model, data)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void TooLittleMemory_IsSaid_AndTheModelGoesOnWorking()
    {
        using var data = new TinyData(16);
        using var model = new Greedy();
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Assert.Matches(
            "failed on inputs .*: .*(memory|allocate)",
            Assert.Throws<TrainingStepException>(() => new Trainer(Options).Fit(model, data)).Message
        );
        Assert.Matches(
            "failed on inputs .*: .*(memory|allocate)",
            Assert.Throws<EvaluationException>(() => new Trainer(Options).Predict(model, data)).Message
        );
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);

        model.IsGreedy = false;
        Assert.Equal(StopReason.Completed, new Trainer(Options).Fit(model, data).StopReason);
    }

    [Fact]
    public void ModelTooLargeForTheMemory_IsSaidByItsBuilder()
    {
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var error = Assert.Throws<InvalidOperationException>(() =>
            SequenceModels.Build(RecurrentCell.Lstm, new RecurrentOptions { HiddenSize = 2_000_000 })
        );
        Assert.StartsWith("libtorch cannot make the model: ", error.Message, StringComparison.Ordinal);
        Assert.Matches("memory|allocate", error.Message);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    /// <summary>Asks for 4 TB in the middle of its work.</summary>
    private sealed class Greedy : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> _inner = TinyModel.Create();

        public Greedy()
            : base(nameof(Greedy)) => RegisterComponents();

        public bool IsGreedy { get; set; } = true;

        public override Tensor forward(Tensor input)
        {
            using var much = IsGreedy ? empty(1L << 40) : null;
            return _inner.call(input);
        }

        protected override void Dispose(bool disposing)
        {
            _inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
