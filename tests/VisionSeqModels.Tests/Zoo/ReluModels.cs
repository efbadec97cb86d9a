using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace VisionSeqModels.Tests.Zoo;

/// <summary>Two convolutions that run one ReLU.</summary>
internal class ReusedRelu : ZooModel
{
    protected readonly TorchSharp.Modules.Conv2d conv1 = Conv2d(3, 6, 3);
    protected readonly TorchSharp.Modules.ReLU relu;
    protected readonly TorchSharp.Modules.Conv2d conv2 = Conv2d(6, 8, 3);
    protected readonly TorchSharp.Modules.Linear fc = Linear(8 * 36, 4);

    public ReusedRelu(bool inplace = false)
        : base(nameof(ReusedRelu))
    {
        relu = ReLU(inplace);
        RegisterComponents();
    }

    public override string LastMaps => "relu#2";

    public override Tensor forward(Tensor input) => fc.call(relu.call(conv2.call(relu.call(conv1.call(input)))).flatten(1));

    public override Tensor Reference(Tensor input, Func<Tensor, Tensor> relu, Action<string, Tensor> given)
    {
        var first = Given("conv1", functional.conv2d(input, conv1.weight, conv1.bias));
        var second = Given("conv2", functional.conv2d(Given("relu", relu(first)), conv2.weight, conv2.bias));
        return functional.linear(Given("relu#2", relu(second)).flatten(1), fc.weight, fc.bias);

        Tensor Given(string name, Tensor output)
        {
            given(name, output);
            return output;
        }
    }
}

/// <summary>Declares its convolutions before its ReLUs.</summary>
internal sealed class DeclaredOutOfOrder : ZooModel
{
    private readonly TorchSharp.Modules.Linear fc = Linear(8 * 36, 4);
    private readonly TorchSharp.Modules.Conv2d conv2 = Conv2d(6, 8, 3);
    private readonly TorchSharp.Modules.Conv2d conv1 = Conv2d(3, 6, 3);
    private readonly TorchSharp.Modules.ReLU relu2 = ReLU();
    private readonly TorchSharp.Modules.ReLU relu1 = ReLU();

    public DeclaredOutOfOrder()
        : base(nameof(DeclaredOutOfOrder)) => RegisterComponents();

    public override string LastMaps => "relu2";

    public override Tensor forward(Tensor input) => fc.call(relu2.call(conv2.call(relu1.call(conv1.call(input)))).flatten(1));

    public override Tensor Reference(Tensor input, Func<Tensor, Tensor> relu, Action<string, Tensor> given)
    {
        var first = functional.conv2d(input, conv1.weight, conv1.bias);
        given("conv1", first);
        first = relu(first);
        given("relu1", first);
        var second = functional.conv2d(first, conv2.weight, conv2.bias);
        given("conv2", second);
        second = relu(second);
        given("relu2", second);
        return functional.linear(second.flatten(1), fc.weight, fc.bias);
    }
}

/// <summary>Two of its three ReLUs are functions, one of them in place, and one more is called by forward.</summary>
internal sealed class FunctionalRelus : ZooModel
{
    private readonly int _modules;
    private readonly TorchSharp.Modules.Conv2d conv1 = Conv2d(3, 6, 3);
    private readonly TorchSharp.Modules.ReLU relu = ReLU();
    private readonly TorchSharp.Modules.Conv2d conv2 = Conv2d(6, 8, 3);
    private readonly TorchSharp.Modules.Linear fc1 = Linear(8 * 36, 12);
    private readonly TorchSharp.Modules.Linear fc2 = Linear(12, 4);

    /// <param name="modules">How many ReLUs are called as modules: 0 or 1.</param>
    public FunctionalRelus(int modules)
        : base(nameof(FunctionalRelus))
    {
        _modules = modules;
        RegisterComponents();
    }

    public override bool? AllRelusAreModules => false;

    public bool HasAny => _modules > 0;

    public override Tensor forward(Tensor input)
    {
        var first = conv1.call(input);
        first = _modules > 0 ? relu.call(first) : relu.forward(first);
        var second = conv2.call(first);
        second.relu_();
        return fc2.call(functional.relu(fc1.call(second.flatten(1))));
    }

    public override Tensor Reference(Tensor input, Func<Tensor, Tensor> relu, Action<string, Tensor> given)
    {
        var first = functional.conv2d(input, conv1.weight, conv1.bias);
        given("conv1", first);
        var second = functional.conv2d(_modules > 0 ? relu(first) : first.relu(), conv2.weight, conv2.bias);
        given("conv2", second);
        return functional.linear(functional.linear(second.relu().flatten(1), fc1.weight, fc1.bias).relu(), fc2.weight, fc2.bias);
    }
}

/// <summary>A residual block as torchvision has it: one ReLU runs twice, in place, and the sum is added in place.</summary>
internal sealed class ResidualBlock : ZooModel
{
    private readonly TorchSharp.Modules.Conv2d conv0 = Conv2d(3, 6, 1);
    private readonly TorchSharp.Modules.Conv2d conv1 = Conv2d(6, 6, 3, padding: 1, bias: false);
    private readonly TorchSharp.Modules.BatchNorm2d bn1 = BatchNorm2d(6);
    private readonly TorchSharp.Modules.Conv2d conv2 = Conv2d(6, 6, 3, padding: 1, bias: false);
    private readonly TorchSharp.Modules.BatchNorm2d bn2 = BatchNorm2d(6);
    private readonly TorchSharp.Modules.ReLU relu = ReLU(inplace: true);
    private readonly TorchSharp.Modules.Linear fc = Linear(6, 4);

    public ResidualBlock()
        : base(nameof(ResidualBlock))
    {
        RegisterComponents();
        using var noGradients = no_grad();
        foreach (var norm in new[] { bn1, bn2 })
        {
            norm.running_mean!.copy_(randn(6, generator: new Generator(3)) * 0.1);
            norm.running_var!.copy_(rand(6, generator: new Generator(4)) + 0.5);
        }
    }

    public override string LastMaps => "relu#2";

    public override Tensor forward(Tensor input)
    {
        var identity = conv0.call(input);
        var output = relu.call(bn1.call(conv1.call(identity)));
        output = bn2.call(conv2.call(output));
        output.add_(identity);
        return fc.call(relu.call(output).mean([2, 3]));
    }

    public override Tensor Reference(Tensor input, Func<Tensor, Tensor> relu, Action<string, Tensor> given)
    {
        var identity = functional.conv2d(input, conv0.weight, conv0.bias);
        given("conv0", identity);
        var first = functional.conv2d(identity, conv1.weight, padding: [1, 1]);
        given("conv1", first);
        first = relu(Norm(first, bn1));
        given("relu", first);
        var second = functional.conv2d(first, conv2.weight, padding: [1, 1]);
        given("conv2", second);
        second = relu(Norm(second, bn2) + identity);
        given("relu#2", second);
        return functional.linear(second.mean([2, 3]), fc.weight, fc.bias);
    }

    private static Tensor Norm(Tensor input, TorchSharp.Modules.BatchNorm2d norm) =>
        (input - Wide(norm.running_mean!)) / (Wide(norm.running_var!) + 1e-5).sqrt() * Wide(norm.weight!) + Wide(norm.bias!);

    private static Tensor Wide(Tensor channel) => channel.reshape(1, -1, 1, 1);
}
