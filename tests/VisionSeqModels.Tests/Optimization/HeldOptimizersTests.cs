using TorchSharp.Modules;
using static TorchSharp.torch;
using OptimizerState = VisionSeqModels.Optimization.OptimizerState;

namespace VisionSeqModels.Tests.Optimization;

/// <summary>Optimizers that hold their numbers while libtorch reads them move weights as TorchSharp's do, to the bit.</summary>
[Collection("Torch")]
public sealed class HeldOptimizersTests
{
    private const double Rate = 0.02;
    private const double Decay = 0.03;

    private static readonly Dictionary<
        string,
        (OptimizerOptions Ours, Func<IEnumerable<Parameter>, optim.Optimizer> Theirs)
    > All = new()
    {
        ["SGD"] = (new SgdOptions { LearningRate = Rate }, weights => optim.SGD(weights, Rate)),
        ["SGD, momentum"] = (
            new SgdOptions
            {
                LearningRate = Rate,
                Momentum = 0.9,
                Dampening = 0.1,
                WeightDecay = Decay,
            },
            weights => optim.SGD(weights, Rate, 0.9, 0.1, Decay)
        ),
        ["SGD, Nesterov"] = (
            new SgdOptions
            {
                LearningRate = Rate,
                Momentum = 0.9,
                Nesterov = true,
            },
            weights => optim.SGD(weights, Rate, 0.9, nesterov: true)
        ),
        ["AdamW"] = (
            new AdamWOptions { LearningRate = Rate, WeightDecay = Decay },
            weights => optim.AdamW(weights, Rate, weight_decay: Decay)
        ),
        ["AdamW, AMSGrad, maximize"] = (
            new AdamWOptions
            {
                LearningRate = Rate,
                WeightDecay = Decay,
                AmsGrad = true,
                Maximize = true,
            },
            weights => optim.AdamW(weights, Rate, weight_decay: Decay, amsgrad: true, maximize: true)
        ),
        ["NAdam"] = (
            new NAdamOptions { LearningRate = Rate, WeightDecay = Decay },
            weights => optim.NAdam(weights, Rate, weight_decay: Decay)
        ),
        ["RMSprop"] = (new RMSpropOptions { LearningRate = Rate }, weights => optim.RMSProp(weights, Rate)),
        ["RMSprop, centered, momentum"] = (
            new RMSpropOptions
            {
                LearningRate = Rate,
                WeightDecay = Decay,
                Momentum = 0.9,
                Centered = true,
                Maximize = true,
            },
            weights => optim.RMSProp(weights, Rate, 0.99, 1e-8, Decay, 0.9, true, true)
        ),
        ["Adagrad"] = (
            new AdagradOptions
            {
                LearningRate = Rate,
                LearningRateDecay = 0.1,
                WeightDecay = Decay,
                InitialAccumulatorValue = 0.1,
            },
            weights => optim.Adagrad(weights, Rate, 0.1, Decay, 0.1)
        ),
    };

    public static TheoryData<string> Names => [.. All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Steps_AreTorchSharpsToTheBit(string name)
    {
        using var scope = NewDisposeScope();
        using var ours = TinyModel.Create();
        using var theirs = TinyModel.Create();
        using var our = All[name].Ours.Create(ours);
        using var their = All[name].Theirs(theirs.parameters());
        for (int step = 0; step < 8; step++)
        {
            Move(ours, our, step);
            Move(theirs, their, step);
        }

        Assert.All(
            theirs.named_parameters().Zip(ours.parameters()),
            pair => TensorAssert.Identical(pair.First.parameter, pair.Second, $"{name}: {pair.First.name}")
        );
        Assert.Equal(OptimizerState.Save(their), OptimizerState.Save(our));
    }

    [Fact]
    public void EveryOptimizerOfTheLibrary_HasAStepOfItsOwn()
    {
        var options = typeof(OptimizerOptions).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(OptimizerOptions)));
        Assert.All(
            options,
            type =>
            {
                using var model = TinyModel.Create();
                using var optimizer = ((OptimizerOptions)Activator.CreateInstance(type)!).Create(model);
                var step = optimizer.GetType().GetMethod(nameof(optim.Optimizer.step), [typeof(Func<Tensor>)]);
                Assert.Same(typeof(OptimizerOptions).Assembly, step!.DeclaringType!.Assembly);
            }
        );
    }

    private static void Move(nn.Module<Tensor, Tensor> model, optim.Optimizer optimizer, int step)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)step);
        optimizer.zero_grad();
        model.call(randn([6, 2], generator: generator)).square().sum().backward();
        optimizer.step();
    }
}
