using System.Runtime.InteropServices;
using TorchSharp;
using VisionSeqModels.Kernels;
using VisionSeqModels.Models;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Kernels;

/// <summary>What goes wrong in a backward pass; run in a process of its own, which must not end by it.</summary>
internal static class BackwardFaults
{
    /// <summary>For each autograd function of the library, a sum that went through it.</summary>
    private static readonly Dictionary<string, Func<Tensor>> Sums = new()
    {
        [nameof(ConvolutionFunction)] = () => LeNet().call(Images()).sum(),
        [nameof(RecurrentFunction)] = () => SequenceModels.Gru(new RecurrentOptions { Seed = 1 }).HiddenStates(Digits()).sum(),
        [nameof(MaxPool2x2Function)] = () => new MaxPool2x2().call(Images().requires_grad_()).sum(),
    };

    private static readonly Dictionary<string, Action> Causes = new()
    {
        ["step before backward"] = () =>
        {
            var model = LeNet();
            var loss = model.call(Images()).sum();
            Change(model);
            loss.backward();
        },
        ["two losses"] = () =>
        {
            var model = SequenceModels.Lstm(new RecurrentOptions { Seed = 1 });
            var scores = model.call(Digits());
            scores.sum().backward(retain_graph: true);
            Change(model);
            scores.pow(2).sum().backward();
        },
        ["buffer refilled"] = () =>
        {
            var images = Images();
            var loss = LeNet().call(images).sum();
            images.copy_(zeros_like(images));
            loss.backward();
        },
        ["model disposed"] = () =>
        {
            var model = LeNet();
            var loss = model.call(Images()).sum();
            model.Dispose();
            loss.backward(create_graph: true);
        },
        ["fit: clamp after the call"] = () => Fit(LeNet(), (_, images) => images.clamp_(0, 1)),
        ["fit: weights changed"] = () => Fit(LeNet(), (model, _) => Change(model)),
        ["fit: model disposed"] = () => Fit(LeNet(), (model, _) => model.Dispose()),
        ["fit: injected"] = () => Fit(LeNet(), (_, _) => ThrowAt(0)),
        ["half weights"] = () => SequenceModels.Lstm().to(ScalarType.Float16).call(Digits()),
        ["fit: half weights"] = () => Fit(SequenceModels.Lstm().to(ScalarType.Float16), (_, _) => { }),
        ["a bias of four values"] = () =>
        {
            using var noGradients = no_grad();
            var model = SequenceModels.Gru(new RecurrentOptions { HiddenSize = 512 });
            var bias = model.named_parameters().First(entry => entry.name == "rnn.bias_hh_l0").parameter;
            bias.set_(zeros(4));
            model.call(Digits());
        },
    };

    public static IEnumerable<string> Names => Causes.Keys;

    public static IEnumerable<string> Functions => Sums.Keys;

    /// <summary>All autograd functions of the library.</summary>
    public static IEnumerable<Type> FunctionTypes =>
        typeof(Trainer)
            .Assembly.GetTypes()
            .Where(type =>
                !type.IsAbstract
                && Bases(type).Any(ancestor => ancestor.Namespace == "TorchSharp" && ancestor.Name.EndsWith("TensorFunction`1"))
            );

    /// <summary>Returns the exception that was caught, or how many places threw.</summary>
    public static string Run(string name)
    {
        if (Sums.TryGetValue(name, out var sum))
        {
            return $"{Inject(sum, createsGraph: false)} {Inject(sum, createsGraph: true)}";
        }

        try
        {
            Causes[name]();
            return "nothing";
        }
        catch (Exception e)
        {
            return $"{e.GetType().Name}: {e.Message.Split('\n')[0]}";
        }
    }

    public static IEnumerable<Type> Bases(Type type)
    {
        for (var ancestor = type.BaseType; ancestor is not null; ancestor = ancestor.BaseType)
        {
            yield return ancestor;
        }
    }

    /// <summary>Lets one place after the other throw, until the backward pass has no further.</summary>
    private static int Inject(Func<Tensor> sum, bool createsGraph)
    {
        for (int place = 0; ; place++)
        {
            using var scope = NewDisposeScope();
            var loss = sum();
            ThrowAt(place);
            try
            {
                loss.backward(create_graph: createsGraph);
                FaultInjection.Hook = null;
                return place;
            }
            catch (ExternalException)
            {
                FaultInjection.Hook = null;
                if (BackwardFailure.Take()?.Message.StartsWith("injected", StringComparison.Ordinal) != true)
                {
                    throw;
                }
            }
        }
    }

    private static void ThrowAt(int place)
    {
        int passed = 0;
        FaultInjection.Hook = name =>
        {
            if (passed++ == place)
            {
                throw new InvalidOperationException($"injected at {name}");
            }
        };
    }

    private static void Change(nn.Module model)
    {
        using var noGradients = no_grad();
        foreach (var weight in model.parameters())
        {
            weight.add_(1);
        }
    }

    private static void Fit(nn.Module<Tensor, Tensor> model, Action<nn.Module, Tensor> afterCall)
    {
        using var images = Images();
        using var data = new ImageDataset(
            "tiny",
            randint(256, images.shape, dtype: ScalarType.Byte),
            zeros(images.size(0), dtype: ScalarType.Int64),
            ["a", "b"]
        );
        var options = new TrainerOptions
        {
            Epochs = 1,
            BatchSize = 8,
            Device = "cpu",
        };
        new Trainer(options).Fit(new Wrapper(model, afterCall), data);
    }

    private static LeNet LeNet() => VisionModels.LeNet(new LeNetOptions { Seed = 1 });

    private static Tensor Images() => rand([16, 3, 32, 32], generator: new Generator(1));

    private static Tensor Digits() => rand([4, 1, 28, 28], generator: new Generator(1));

    /// <summary>A user's module around another.</summary>
    private sealed class Wrapper : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> _inner;
        private readonly Action<nn.Module, Tensor> _afterCall;

        public Wrapper(nn.Module<Tensor, Tensor> inner, Action<nn.Module, Tensor> afterCall)
            : base(nameof(Wrapper))
        {
            (_inner, _afterCall) = (inner, afterCall);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            var scores = _inner.call(_inner is LeNet ? input : input.narrow(1, 0, 1).narrow(3, 0, 28));
            _afterCall(_inner, input);
            return scores;
        }
    }
}
