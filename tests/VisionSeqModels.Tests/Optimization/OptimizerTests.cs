using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using OptimizerState = VisionSeqModels.Optimization.OptimizerState;

namespace VisionSeqModels.Tests.Optimization;

/// <summary>PyTorch 1.13's weights after ten steps, stored here for machines without it.</summary>
[Collection("Torch")]
public sealed class OptimizerTests
{
    private static readonly Dictionary<string, (OptimizerOptions Options, float[] Weights)> Known = new()
    {
        ["RMSprop"] = (
            new RMSpropOptions
            {
                LearningRate = 0.1,
                Alpha = 0.9,
                Momentum = 0.5,
                Centered = true,
            },
            [-0.5471219420433044f, 0.4625486731529236f, -0.20390476286411285f]
        ),
        ["NAdam"] = (new NAdamOptions { LearningRate = 0.1 }, [0.2742125689983368f, -1.230759620666504f, -0.11448220908641815f]),
        ["RAdam"] = (
            new RAdamOptions { LearningRate = 0.1, Beta2 = 0.9 },
            [-0.23269201815128326f, 0.03962213173508644f, -0.18927061557769775f]
        ),
        ["Adagrad"] = (
            new AdagradOptions { LearningRate = 0.1, LearningRateDecay = 0.1 },
            [0.6161338090896606f, -1.6108969449996948f, 0.1406555026769638f]
        ),
        ["Adam"] = (
            new AdamOptions
            {
                LearningRate = 0.1,
                AmsGrad = true,
                WeightDecay = 0.1,
            },
            [0.0608057901263237f, -1.0224435329437256f, -0.34176287055015564f]
        ),
        ["AdamW"] = (
            new AdamWOptions
            {
                LearningRate = 0.1,
                AmsGrad = true,
                Maximize = true,
            },
            [1.9782887697219849f, -2.9788012504577637f, 1.4879528284072876f]
        ),
        ["SGD"] = (
            new SgdOptions
            {
                LearningRate = 0.1,
                Momentum = 0.9,
                Dampening = 0.3,
                WeightDecay = 0.1,
                Maximize = true,
            },
            [25.098907470703125f, -43.789981842041016f, 12.549453735351562f]
        ),
    };

    public static TheoryData<string> Names => [.. Known.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void TenSteps_ArePyTorchs_AndContinueFromASavedState(string name)
    {
        using var scope = NewDisposeScope();
        var (options, expected) = Known[name];
        Assert.Equal(name, options.Name);
        using var whole = new OneWeight([1, -2, 0.5f]);
        using var optimizer = options.Create(whole);
        Steps(optimizer, whole, 0, 5);
        byte[] saved = OptimizerState.Save(optimizer)!;
        using var rest = new OneWeight(whole.Value.data<float>().ToArray());
        using var other = options.Create(rest);
        OptimizerState.Load(other, saved, CPU);
        Steps(optimizer, whole, 5, 10);
        Steps(other, rest, 5, 10);
        TensorAssert.Close(tensor(expected), whole.Value, 1e-6, name);
        TensorAssert.Identical(whole.Value, rest.Value, name);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Steps_LeaveNoTensorBehind(string name)
    {
        using var scope = NewDisposeScope();
        using var model = new OneWeight([1, -2, 0.5f]);
        using var optimizer = Known[name].Options.Create(model);
        Steps(optimizer, model, 0, 2);
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (NewDisposeScope())
        {
            optimizer.step();
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static void Steps(optim.Optimizer optimizer, OneWeight model, int first, int end)
    {
        for (int step = first; step < end; step++)
        {
            using var scope = NewDisposeScope();
            model.Value.grad = (model.Value.detach() * 2) + (tensor(new[] { 1f, -1, 0.5f }) * (step % 3));
            optimizer.step();
        }
    }

    private sealed class OneWeight : nn.Module
    {
#pragma warning disable IDE1006
        private readonly Parameter weight;
#pragma warning restore IDE1006

        public OneWeight(float[] values)
            : base(nameof(OneWeight))
        {
            weight = new Parameter(tensor(values));
            RegisterComponents();
        }

        public Parameter Value => weight;
    }
}
