using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace VisionSeqModels.Tests.Zoo;

/// <summary>Models of the habits that the zoo has not.</summary>
internal static class Strangers
{
    private static readonly Dictionary<string, (Func<Module<Tensor, Tensor>> Make, long[] Image)> Makers = new(
        StringComparer.Ordinal
    )
    {
        ["one module under two names"] = (() => new TwoNames(), [3, 10, 10]),
        ["lists and dictionaries of modules"] = (() => new Lists(), [3, 10, 10]),
        ["a module that gives its input"] = (() => new PassesThrough(), [3, 10, 10]),
        ["a block that runs twice"] = (() => new BlockTwice(), [3, 10, 10]),
        ["dropout"] = (
            () =>
                Sequential(
                    ("conv", Conv2d(3, 4, 3)),
                    ("relu", ReLU()),
                    ("drop2d", Dropout2d(0.5)),
                    ("flat", Flatten()),
                    ("drop", Dropout(0.5)),
                    ("fc", Linear(256, 4))
                ),
            [3, 10, 10]
        ),
        ["no biases"] = (
            () =>
                Sequential(
                    ("conv", Conv2d(3, 4, 3, bias: false)),
                    ("relu", ReLU()),
                    ("up", ConvTranspose2d(4, 3, 3, stride: 2, bias: false)),
                    ("pool", AdaptiveAvgPool2d(2)),
                    ("flat", Flatten()),
                    ("fc", Linear(12, 4, hasBias: false))
                ),
            [3, 10, 10]
        ),
        ["one pixel"] = (
            () => Sequential(("conv", Conv2d(3, 4, 1)), ("relu", ReLU()), ("flat", Flatten()), ("fc", Linear(4, 4))),
            [3, 1, 1]
        ),
        ["one channel, one column"] = (
            () =>
                Sequential(
                    ("conv", Conv2d(1, 4, 3, padding: 1)),
                    ("relu", ReLU()),
                    ("pool", MaxPool2d(2)),
                    ("flat", Flatten()),
                    ("fc", Linear(100, 1))
                ),
            [1, 10, 10]
        ),
        ["other activations"] = (
            () =>
                Sequential(
                    ("conv", Conv2d(3, 4, 3)),
                    ("norm", BatchNorm2d(4)),
                    ("gelu", GELU()),
                    ("conv2", Conv2d(4, 4, 3, groups: 4)),
                    ("silu", SiLU()),
                    ("flat", Flatten()),
                    ("fc", Linear(144, 4))
                ),
            [3, 10, 10]
        ),
        ["maps as outputs"] = (() => Sequential(("conv", Conv2d(3, 4, 3, padding: 1)), ("relu", ReLU())), [3, 10, 10]),
        ["nothing but functions"] = (() => new Functions(), [3, 10, 10]),
    };

    public static TheoryData<string> Names => [.. Makers.Keys];

    public static Module<Tensor, Tensor> Make(string name)
    {
        var model = Makers[name].Make();
        using var noGradients = no_grad();
        using var generator = new Generator(19);
        foreach (var parameter in model.parameters())
        {
            double scale = 1 / Math.Sqrt(Math.Max(1, parameter.numel() / Math.Max(1, parameter.size(0))));
            parameter.copy_((rand(parameter.shape, generator: generator) - 0.5) * 2 * scale);
        }

        return model;
    }

    public static Tensor Images(string name, int count) => randn([count, .. Makers[name].Image], generator: new Generator(5));

    private sealed class TwoNames : Module<Tensor, Tensor>
    {
        private readonly Conv2d conv = Conv2d(3, 4, 3);
        private readonly ReLU act = ReLU();
        private readonly ReLU again;
        private readonly Linear fc = Linear(256, 4);

        public TwoNames()
            : base(nameof(TwoNames))
        {
            again = act;
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => fc.call(again.call(act.call(conv.call(input)) - 0.1).flatten(1));
    }

    private sealed class Lists : Module<Tensor, Tensor>
    {
        private readonly ModuleList<Module<Tensor, Tensor>> layers = ModuleList<Module<Tensor, Tensor>>(
            Conv2d(3, 4, 3),
            Conv2d(4, 4, 3)
        );
        private readonly ModuleDict<Module<Tensor, Tensor>> heads = ModuleDict<Module<Tensor, Tensor>>(
            ("relu", ReLU()),
            ("fc", Linear(144, 4))
        );

        public Lists()
            : base(nameof(Lists)) => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            foreach (var layer in layers)
            {
                input = heads["relu"].call(layer.call(input));
            }

            return heads["fc"].call(input.flatten(1));
        }
    }

    private sealed class GivesItsInput() : Module<Tensor, Tensor>(nameof(GivesItsInput))
    {
        public override Tensor forward(Tensor input) => input;
    }

    /// <summary>Not in a Sequential, which disposes what a module takes as soon as the module gives something.</summary>
    private sealed class PassesThrough : Module<Tensor, Tensor>
    {
        private readonly Identity same = Identity();
        private readonly Conv2d conv = Conv2d(3, 4, 3);
        private readonly GivesItsInput own = new();
        private readonly ReLU relu = ReLU(inplace: true);
        private readonly Linear fc = Linear(256, 4);

        public PassesThrough()
            : base(nameof(PassesThrough)) => RegisterComponents();

        public override Tensor forward(Tensor input) =>
            fc.call(relu.call(own.call(conv.call(own.call(same.call(input))))).flatten(1));
    }

    private sealed class BlockTwice : Module<Tensor, Tensor>
    {
        private readonly Conv2d begin = Conv2d(3, 4, 1);
        private readonly Sequential block = Sequential(
            ("inner", Sequential(("conv", Conv2d(4, 4, 3, padding: 1)), ("relu", ReLU(inplace: true))))
        );
        private readonly Linear fc = Linear(4, 4);

        public BlockTwice()
            : base(nameof(BlockTwice)) => RegisterComponents();

        public override Tensor forward(Tensor input) => fc.call(block.call(block.call(begin.call(input))).mean([2, 3]));
    }

    private sealed class Functions : Module<Tensor, Tensor>
    {
        private readonly Parameter kernel = Parameter(randn(4, 3, 3, 3));
        private readonly Parameter head = Parameter(randn(4, 256));

        public Functions()
            : base(nameof(Functions)) => RegisterComponents();

        public override Tensor forward(Tensor input) =>
            functional.linear(functional.relu(functional.conv2d(input, kernel)).flatten(1), head);
    }
}
