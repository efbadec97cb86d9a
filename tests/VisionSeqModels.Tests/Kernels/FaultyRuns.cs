using VisionSeqModels.Data;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Kernels;

/// <summary>A forward and a backward pass with something in between, by hand and by the trainer.</summary>
internal static class FaultyRuns
{
    /// <param name="model">The model.</param>
    /// <param name="input">Its input.</param>
    /// <param name="between">Called with the model, the input and the scores; returns the scores.</param>
    /// <param name="createsGraph">Whether the gradients have a graph.</param>
    public static void ByHand(
        nn.Module<Tensor, Tensor> model,
        Tensor input,
        Func<nn.Module, Tensor, Tensor, Tensor> between,
        bool createsGraph
    )
    {
        Tensor loss;
        using (var scope = NewDisposeScope())
        {
            loss = between(model, input, model.call(input)).sum().MoveToOuterDisposeScope();
        }

        loss.backward(create_graph: createsGraph);
    }

    /// <summary>The same as the one step of a training.</summary>
    public static void ByTrainer(nn.Module<Tensor, Tensor> model, Tensor input, Func<nn.Module, Tensor, Tensor, Tensor> between)
    {
        var targets = zeros(input.size(0), dtype: ScalarType.Int64);
        var data = BatchSource.From("one batch", _ => [new Batch(input.alias(), targets.alias())], input.size(0));
        var options = new TrainerOptions
        {
            Epochs = 1,
            BatchSize = (int)input.size(0),
            Device = "cpu",
        };
        new Trainer(options).Fit(new Wrapper(model, between), data);
    }

    /// <summary>A user's module around another.</summary>
    private sealed class Wrapper : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> _inner;
        private readonly Func<nn.Module, Tensor, Tensor, Tensor> _between;

        public Wrapper(nn.Module<Tensor, Tensor> inner, Func<nn.Module, Tensor, Tensor, Tensor> between)
            : base(nameof(Wrapper))
        {
            (_inner, _between) = (inner, between);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => _between(_inner, input, _inner.call(input));
    }
}
