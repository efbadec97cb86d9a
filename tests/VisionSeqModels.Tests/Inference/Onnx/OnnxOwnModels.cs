using TorchSharp.Modules;
using VisionSeqModels.Inference;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace VisionSeqModels.Tests.Inference;

/// <summary>A module that says itself what it computes.</summary>
internal sealed class Residual : Module<Tensor, Tensor>, IOnnxConvertible
{
    private readonly Sequential _layers = Sequential(Linear(6, 6), Tanh());

    public Residual()
        : base(nameof(Residual)) => register_module("layers", _layers);

    public override Tensor forward(Tensor input) => input + _layers.call(input);

    public OnnxValue ToOnnx(OnnxGraph graph, OnnxValue input) => graph.Add("Add", [input, graph.Add(_layers, input)]);
}

/// <summary>A module whose converter forgets half of what it computes.</summary>
internal sealed class Forgetful : Module<Tensor, Tensor>, IOnnxConvertible
{
    private readonly Linear _layer = Linear(6, 6);

    public Forgetful()
        : base(nameof(Forgetful)) => register_module("layer", _layer);

    public override Tensor forward(Tensor input) => _layer.call(input).relu();

    public OnnxValue ToOnnx(OnnxGraph graph, OnnxValue input) => graph.Add(_layer, input);
}

/// <summary>An LSTM with the step's place in the sequence, and the mean of all outputs.</summary>
internal sealed class Wrapped : Module<Tensor, Tensor>, IOnnxConvertible
{
    private readonly LSTM _layers = LSTM(3, 5, 2, batchFirst: true, bidirectional: true);
    private readonly Linear _last = Linear(10, 2);

    public Wrapped()
        : base(nameof(Wrapped))
    {
        register_module("layers", _layers);
        register_module("last", _last);
    }

    public override Tensor forward(Tensor input)
    {
        var (outputs, final, _) = _layers.call(input);
        return _last.call(outputs.mean([1]) + cat([final[0], final[1]], 1));
    }

    public OnnxValue ToOnnx(OnnxGraph graph, OnnxValue input)
    {
        var (outputs, final) = graph.AddRecurrent(_layers, input);
        var mean = graph.Add("ReduceMean", [outputs], ("axes", (long[])[1]), ("keepdims", false));
        OnnxValue State(long index) => graph.Add("Gather", [final, graph.Constant(tensor(index))], ("axis", 0));
        return graph.Add(_last, graph.Add("Add", [mean, graph.Add("Concat", [State(0), State(1)], ("axis", 1))]));
    }
}

/// <summary>A module that nobody can look into.</summary>
internal sealed class Opaque() : Module<Tensor, Tensor>(nameof(Opaque))
{
    public override Tensor forward(Tensor input) => input.sin();
}

/// <summary>A sequence of layers with something more.</summary>
internal sealed class MoreThanASequence() : Sequential(Linear(6, 6))
{
    public override Tensor forward(Tensor input) => base.forward(input).sin();
}
