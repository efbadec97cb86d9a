using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace VisionSeqModels.Tests.Zoo;

/// <summary>Its second head runs after the scores and does not lead to them.</summary>
internal sealed class TwoHeads : ZooModel
{
    private readonly TorchSharp.Modules.Conv2d conv2 = Conv2d(3, 6, 3);
    private readonly TorchSharp.Modules.ReLU relu = ReLU();
    private readonly TorchSharp.Modules.Linear fc = Linear(6, 4);
    private readonly TorchSharp.Modules.ConvTranspose2d decoder = ConvTranspose2d(6, 3, 3);

    public TwoHeads()
        : base(nameof(TwoHeads)) => RegisterComponents();

    public override string LastMaps => "relu";

    public override Tensor forward(Tensor input)
    {
        var features = relu.call(conv2.call(input));
        var scores = fc.call(features.mean([2, 3]));
        decoder.call(features);
        return scores;
    }

    public override Tensor Reference(Tensor input, Func<Tensor, Tensor> relu, Action<string, Tensor> given)
    {
        var maps = functional.conv2d(input, conv2.weight, conv2.bias);
        given("conv2", maps);
        maps = relu(maps);
        given("relu", maps);
        return functional.linear(maps.mean([2, 3]), fc.weight, fc.bias);
    }
}

/// <summary>Its first part is frozen and runs without gradients.</summary>
internal sealed class DetachedBackbone : ZooModel
{
    private readonly TorchSharp.Modules.Conv2d backbone = Conv2d(3, 6, 3);
    private readonly TorchSharp.Modules.Conv2d conv2 = Conv2d(6, 8, 3);
    private readonly TorchSharp.Modules.ReLU relu = ReLU();
    private readonly TorchSharp.Modules.Linear fc = Linear(8 * 36, 4);

    public DetachedBackbone()
        : base(nameof(DetachedBackbone)) => RegisterComponents();

    public override bool ReachesInput => false;

    public override string LastMaps => "relu";

    public override Tensor forward(Tensor input)
    {
        Tensor features;
        using (no_grad())
        {
            features = backbone.call(input);
        }

        return fc.call(relu.call(conv2.call(features)).flatten(1));
    }

    public override Tensor Reference(Tensor input, Func<Tensor, Tensor> relu, Action<string, Tensor> given)
    {
        var features = functional.conv2d(input, backbone.weight, backbone.bias).detach();
        given("backbone", features);
        var maps = functional.conv2d(features, conv2.weight, conv2.bias);
        given("conv2", maps);
        maps = relu(maps);
        given("relu", maps);
        return functional.linear(maps.flatten(1), fc.weight, fc.bias);
    }
}

/// <summary>Two parallel convolutions of 5×5, grouped and dilated ones after them, pooled by a function of stride 1.</summary>
internal sealed class Branches : ZooModel
{
    private readonly TorchSharp.Modules.Conv2d left = Conv2d(3, 4, 5, padding: 2);
    private readonly TorchSharp.Modules.Conv2d right = Conv2d(3, 4, 5, padding: 2);
    private readonly TorchSharp.Modules.ReLU relu = ReLU();
    private readonly TorchSharp.Modules.Conv2d grouped = Conv2d(4, 8, 3, groups: 2, padding: 1);
    private readonly TorchSharp.Modules.Conv2d dilated = Conv2d(8, 8, 3, dilation: 2);
    private readonly TorchSharp.Modules.Linear fc = Linear(8, 4);

    public Branches()
        : base(nameof(Branches)) => RegisterComponents();

    public override string LastMaps => "dilated";

    public override Tensor forward(Tensor input)
    {
        var sum = relu.call(left.call(input) + right.call(input));
        var pooled = functional.max_pool2d(sum, 3, 1, 1);
        return fc.call(dilated.call(relu.call(grouped.call(pooled))).mean([2, 3]));
    }

    public override Tensor Reference(Tensor input, Func<Tensor, Tensor> relu, Action<string, Tensor> given)
    {
        var one = functional.conv2d(input, left.weight, left.bias, padding: [2, 2]);
        given("left", one);
        var other = functional.conv2d(input, right.weight, right.bias, padding: [2, 2]);
        given("right", other);
        var sum = relu(one + other);
        given("relu", sum);
        var pooled = functional.max_pool2d(sum, 3, 1, 1);
        var groups = functional.conv2d(pooled, grouped.weight, grouped.bias, padding: [1, 1], groups: 2);
        given("grouped", groups);
        groups = relu(groups);
        given("relu#2", groups);
        var wide = functional.conv2d(groups, dilated.weight, dilated.bias, dilation: [2, 2]);
        given("dilated", wide);
        return functional.linear(wide.mean([2, 3]), fc.weight, fc.bias);
    }
}

/// <summary>One convolution that runs twice, two modules of one weight, and a tensor that is made once and
/// kept.</summary>
internal sealed class TiedWeights : ZooModel
{
    private readonly TorchSharp.Modules.Conv2d conv2 = Conv2d(3, 3, 3, padding: 1);
    private readonly TorchSharp.Modules.ReLU relu = ReLU();
    private readonly TorchSharp.Modules.Linear encode = Linear(300, 5);
    private readonly TorchSharp.Modules.Linear again = Linear(300, 5, hasBias: false);
    private Tensor? _grid;

    public TiedWeights()
        : base(nameof(TiedWeights))
    {
        again.weight = encode.weight;
        RegisterComponents();
    }

    public override string LastMaps => "conv2#2";

    /// <summary>The tensor that the last forward pass kept.</summary>
    public Tensor? Grid => _grid;

    public override Tensor forward(Tensor input)
    {
        _grid ??= linspace(-1, 1, 10, dtype: input.dtype).DetachFromDisposeScope();
        var features = conv2.call(relu.call(conv2.call(input)) + _grid).flatten(1);
        return encode.call(features) + again.call(features);
    }

    public override Tensor Reference(Tensor input, Func<Tensor, Tensor> relu, Action<string, Tensor> given)
    {
        var first = functional.conv2d(input, conv2.weight, conv2.bias, padding: [1, 1]);
        given("conv2", first);
        first = relu(first);
        given("relu", first);
        var second = functional.conv2d(
            first + linspace(-1, 1, 10, dtype: input.dtype),
            conv2.weight,
            conv2.bias,
            padding: [1, 1]
        );
        given("conv2#2", second);
        return (functional.linear(second.flatten(1), encode.weight) * 2) + encode.bias!;
    }

    protected override void Dispose(bool disposing)
    {
        _grid?.Dispose();
        base.Dispose(disposing);
    }
}
