using TorchSharp.Modules;
using VisionSeqModels.Data;
using VisionSeqModels.Visualization;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Training;

/// <summary>What reads a model keeps promises to the user's code that it runs: tensors that a module or a source keeps from it
/// work in the next training, and a training on another thread refuses it.</summary>
[Collection("Torch")]
public sealed class ReadingTests
{
    private static readonly TrainerOptions Options = new()
    {
        Epochs = 1,
        Seed = 1,
        BatchSize = 8,
        EvaluationBatchSize = 8,
        Device = "cpu",
    };

    private static readonly Dictionary<string, Action<nn.Module<Tensor, Tensor>, IBatchSource>> Reads = new()
    {
        ["Evaluate"] = (model, data) => new Trainer(Options).Evaluate(model, data),
        ["Predict"] = (model, data) => new Trainer(Options).Predict(model, data).Dispose(),
        ["PredictBatches"] = (model, data) =>
            new Trainer(Options).PredictBatches(model, data).ToList().ForEach(part => part.Dispose()),
        ["ConfusionMatrix"] = (model, data) => ConfusionMatrix.Measure(model, data),
        ["ConfidentErrors"] = (model, data) => ConfidentErrors.Measure(model, data),
        ["ActivationStatistics"] = (model, data) =>
            ActivationStatistics.Measure(model, data, new ActivationStatisticsOptions { Layers = ["linear"] }),
    };

    public static TheoryData<string> Readers => [.. Reads.Keys];

    [Theory]
    [MemberData(nameof(Readers))]
    public void TensorsThatAModuleOrASourceKeepsFromReading_WorkInTheNextFit(string reader)
    {
        using var model = new Keeping();
        var data = new KeepingSource();
        Reads[reader](model, data);
        Assert.Equal(StopReason.Completed, new Trainer(Options).Fit(model, data, data).StopReason);
        Assert.Equal(1, data.Made);
    }

    [Theory]
    [MemberData(nameof(Readers))]
    public void Reading_WhileAnotherThreadTrains_IsRefused_AndChangesNothing(string reader)
    {
        using var alone = TinyWithNames();
        using var model = TinyWithNames();
        using var data = new TinyData(16);
        new Trainer(Options).Fit(alone, data);
        Exception? error = null;
        var trainer = new Trainer(Options)
        {
            Callbacks =
            {
                new TracingCallback([])
                {
                    At = "StepEnd 1",
                    Act = _ =>
                    {
                        var thread = new Thread(() => error = Record.Exception(() => Reads[reader](model, data)));
                        thread.Start();
                        thread.Join();
                    },
                },
            },
        };
        trainer.Fit(model, data);
        Assert.Contains(
            "is being trained by another thread",
            Assert.IsType<InvalidOperationException>(error).Message,
            StringComparison.Ordinal
        );
        foreach (var (name, tensor) in alone.state_dict())
        {
            TensorAssert.Identical(tensor, model.state_dict()[name], name);
        }
    }

    private static nn.Module<Tensor, Tensor> TinyWithNames()
    {
        manual_seed(3);
        return nn.Sequential(("linear", nn.Linear(2, 4)), ("bn", nn.BatchNorm1d(4)), ("out", nn.Linear(4, 2)));
    }

    /// <summary>Makes a tensor in its first call, and keeps it.</summary>
    private sealed class Keeping : nn.Module<Tensor, Tensor>
    {
        private readonly Linear linear = nn.Linear(2, 2);
        private Tensor? _scale;

        public Keeping()
            : base(nameof(Keeping)) => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            _scale ??= ones(2).DetachFromDisposeScope();
            return linear.call(input) * _scale;
        }
    }

    /// <summary>Makes its inputs in its first read, and keeps them.</summary>
    private sealed class KeepingSource : IBatchSource
    {
        private Tensor? _inputs;

        public int Made { get; private set; }

        public string Name => "kept";

        public long? SampleCount => 8;

        public IEnumerable<Batch> Read(BatchRequest request)
        {
            if (_inputs is null)
            {
                Made++;
                _inputs = rand(8, 2).DetachFromDisposeScope();
            }

            yield return new Batch(_inputs.alias(), arange(8) % 2);
        }
    }
}
