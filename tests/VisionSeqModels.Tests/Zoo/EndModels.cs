using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace VisionSeqModels.Tests.Zoo;

/// <summary>What the scores of a model go through at its end.</summary>
internal enum End
{
    None,
    Softmax,
    LogSoftmax,
    Sigmoid,
}

/// <summary>A model whose end, a function, is no raw score.</summary>
internal sealed class Ending : ZooModel
{
    public bool IsSigmoid => _end == End.Sigmoid;

    private readonly End _end;
    private readonly TorchSharp.Modules.Conv2d conv2 = Conv2d(3, 6, 3);
    private readonly TorchSharp.Modules.ReLU relu = ReLU();
    private readonly TorchSharp.Modules.Linear fc;

    public Ending(End end)
        : base($"{end}")
    {
        _end = end;
        fc = Linear(6 * 64, end == End.Sigmoid ? 1 : 4);
        RegisterComponents();
    }

    public override string LastMaps => "relu";

    public override Tensor forward(Tensor input) => Finish(fc.call(relu.call(conv2.call(input)).flatten(1)));

    public override Tensor Reference(Tensor input, Func<Tensor, Tensor> relu, Action<string, Tensor> given) =>
        Finish(Scores(input, relu, given));

    /// <summary>The raw scores.</summary>
    public Tensor Scores(Tensor input, Func<Tensor, Tensor> relu, Action<string, Tensor> given)
    {
        var maps = functional.conv2d(input, conv2.weight, conv2.bias);
        given("conv2", maps);
        maps = relu(maps);
        given("relu", maps);
        return functional.linear(maps.flatten(1), fc.weight, fc.bias);
    }

    private Tensor Finish(Tensor scores) =>
        _end switch
        {
            End.Softmax => scores.softmax(1),
            End.LogSoftmax => functional.log_softmax(scores, 1),
            End.Sigmoid => scores.sigmoid(),
            _ => scores,
        };
}
