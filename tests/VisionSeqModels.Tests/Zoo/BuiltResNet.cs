using VisionSeqModels.Models;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace VisionSeqModels.Tests.Zoo;

/// <summary>The library's own ResNet of two stages, with running statistics of some training.</summary>
internal sealed class BuiltResNet : ZooModel
{
    private readonly ResNet net;
    private readonly ResNetShortcut _shortcut;
    private Dictionary<string, Tensor> _state = [];

    public BuiltResNet(ResNetShortcut shortcut)
        : base($"{nameof(BuiltResNet)} {shortcut}")
    {
        _shortcut = shortcut;
        net = VisionModels.ResNet(
            new ResNetOptions
            {
                BlockCounts = [1, 1],
                Widths = [4, 7],
                ClassCount = 4,
                Shortcut = shortcut,
            }
        );
        RegisterComponents();
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var generator = new Generator(3);
        foreach (var (name, buffer) in net.named_buffers())
        {
            if (name.EndsWith("running_mean", StringComparison.Ordinal))
            {
                buffer.copy_(randn(buffer.shape, generator: generator) * 0.1);
            }
            else if (name.EndsWith("running_var", StringComparison.Ordinal))
            {
                buffer.copy_(rand(buffer.shape, generator: generator) + 0.5);
            }
        }
    }

    public override string LastMaps => "net.layer2";

    public override Tensor forward(Tensor input) => net.call(input);

    public override Tensor Reference(Tensor input, Func<Tensor, Tensor> relu, Action<string, Tensor> given)
    {
        _state = net.state_dict();
        var maps = functional.conv2d(input, _state["conv1.weight"], padding: [1, 1]);
        given("net.conv1", maps);
        maps = relu(Norm(maps, "bn1"));
        given("net.relu", maps);
        maps = Block(maps, "layer1.0", stride: 1);
        given("net.layer1", maps);
        maps = Block(maps, "layer2.0", stride: 2);
        given("net.layer2", maps);
        return functional.linear(maps.mean([2, 3]), _state["fc.weight"], _state["fc.bias"]);

        Tensor Block(Tensor before, string name, long stride)
        {
            var after = functional.conv2d(before, _state[$"{name}.conv1.weight"], null, [stride, stride], [1, 1]);
            given($"net.{name}.conv1", after);
            after = relu(Norm(after, $"{name}.bn1"));
            given($"net.{name}.relu", after);
            after = functional.conv2d(after, _state[$"{name}.conv2.weight"], padding: [1, 1]);
            given($"net.{name}.conv2", after);
            after = relu(Norm(after, $"{name}.bn2") + Shortcut(before, name, stride));
            given($"net.{name}.relu#2", after);
            return after;
        }
    }

    private Tensor Shortcut(Tensor before, string name, long stride)
    {
        if (stride == 1)
        {
            return before;
        }

        if (_shortcut == ResNetShortcut.Projection)
        {
            var projected = functional.conv2d(before, _state[$"{name}.downsample.0.weight"], null, [stride, stride], [0, 0]);
            return Norm(projected, $"{name}.downsample.1");
        }

        // 4 channels become 7: one of zeros before, two behind
        var kept = before.index_select(2, arange(0, before.size(2), 2)).index_select(3, arange(0, before.size(3), 2));
        var zero = zeros_like(kept).narrow(1, 0, 1);
        return cat([zero, kept, zero, zero], 1);
    }

    private Tensor Norm(Tensor input, string name)
    {
        Tensor Of(string part) => _state[$"{name}.{part}"].reshape(1, -1, 1, 1);
        return (input - Of("running_mean")) / (Of("running_var") + 1e-5).sqrt() * Of("weight") + Of("bias");
    }
}
