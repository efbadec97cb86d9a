using TorchSharp.Modules;
using static TorchSharp.torch;
using OptimizerState = VisionSeqModels.Optimization.OptimizerState;

namespace VisionSeqModels.Tests.Optimization;

/// <summary>Saved states: where they are loaded to, how long they live, and those of a transposed weight.</summary>
[Collection("Torch")]
public sealed class OptimizerStateTests
{
    private static readonly Dictionary<string, OptimizerOptions> Optimizers = new()
    {
        ["SGD"] = new SgdOptions { Momentum = 0.9 },
        ["Adam"] = new AdamOptions { AmsGrad = true },
        ["AdamW"] = new AdamWOptions { AmsGrad = true },
        ["NAdam"] = new NAdamOptions(),
        ["RAdam"] = new RAdamOptions(),
        ["RMSprop"] = new RMSpropOptions { Momentum = 0.9, Centered = true },
        ["Adagrad"] = new AdagradOptions(),
    };

    public static TheoryData<string> Names => [.. Optimizers.Keys];

    /// <summary>Once TorchSharp refused to save it, and so a run directory ended such a training.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void StateOfATransposedWeight_IsSaved_AndGoesOn(string name)
    {
        using var whole = new Transposed();
        using var rest = new Transposed();
        using var optimizer = Optimizers[name].Create(whole);
        using var other = Optimizers[name].Create(rest);
        Move(whole, optimizer);
        long before = TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        byte[] saved = OptimizerState.Save(optimizer)!;
        Assert.Equal(before, TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        OptimizerState.Load(other, saved, CPU);
        Assert.Equal(saved, OptimizerState.Save(other));
        rest.load_state_dict(whole.state_dict());
        Assert.False(whole.Value.is_contiguous());
        Move(whole, optimizer);
        Move(rest, other);
        TensorAssert.Identical(whole.Value, rest.Value, name);
    }

    [Fact]
    public void RunOfATransposedWeight_IsResumed_BitForBit()
    {
        using var folder = new TempFolder();
        using var data = new TinyData(32);
        using var whole = new Transposed();
        using var parts = new Transposed();
        var options = new TrainerOptions
        {
            Epochs = 2,
            BatchSize = 8,
            Seed = 1,
            Device = "cpu",
            DefaultCallbacks = false,
        };
        new Trainer(options with { RunDirectory = folder["whole"] }).Fit(whole, data);
        new Trainer(options with { RunDirectory = folder["parts"], Epochs = 1 }).Fit(parts, data);
        using var other = new Transposed();
        new Trainer(options).Resume(folder["parts"], other, data);
        TensorAssert.Identical(whole.Value, other.Value, "weights");
    }

    /// <summary>Once its state was refused: "larger than the file".</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void RunOfAParameterWithoutValues_IsResumed_BitForBit(string name)
    {
        using var folder = new TempFolder();
        using var data = new TinyData(32);
        using var whole = new WithEmptyParameter();
        using var parts = new WithEmptyParameter();
        using var other = new WithEmptyParameter();
        var options = new TrainerOptions
        {
            Epochs = 2,
            BatchSize = 8,
            Seed = 1,
            Device = "cpu",
            DefaultCallbacks = false,
            Optimizer = Optimizers[name],
        };
        new Trainer(options).Fit(whole, data);
        new Trainer(options with { RunDirectory = folder["parts"], Epochs = 1 }).Fit(parts, data);
        new Trainer(options).Resume(folder["parts"], other, data);
        Assert.Equal(0, other.Empty.numel());
        TensorAssert.Identical(whole.Value, other.Value, name);
    }

    [Fact]
    public void LoadedState_IsOnTheModelsDevice()
    {
        using var scope = NewDisposeScope();
        using var model = TinyModel.Create();
        using var optimizer = new AdamOptions().Create(model);
        byte[] saved = OptimizerState.Save(optimizer)!;
        OptimizerState.Load(optimizer, saved, META);
        Assert.All(Means(optimizer), mean => Assert.Equal(TorchSharp.DeviceType.META, mean.device_type));
    }

    [Fact]
    public void LoadedState_OutlivesTheScope()
    {
        using var model = TinyModel.Create();
        using var optimizer = new AdamOptions().Create(model);
        byte[] saved = OptimizerState.Save(optimizer)!;
        using (NewDisposeScope())
        {
            OptimizerState.Load(optimizer, saved, CPU);
        }

        Assert.All(Means(optimizer), mean => Assert.False(mean.IsInvalid));
        Assert.Equal(saved, OptimizerState.Save(optimizer));
    }

    private static IEnumerable<Tensor> Means(optim.Optimizer optimizer) =>
        ((OptimizerHelper)optimizer).state_dict().State.Select(state => ((Adam.State)state).exp_avg);

    private static void Move(Transposed model, optim.Optimizer optimizer)
    {
        for (int step = 0; step < 3; step++)
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            model.Value.pow(2).sum().backward();
            optimizer.step();
        }
    }

    private sealed class WithEmptyParameter : nn.Module<Tensor, Tensor>
    {
#pragma warning disable IDE1006
        private readonly Parameter empty = new(zeros(3, 0));
        private readonly Parameter weight = new(arange(1f, 5f).reshape(2, 2));
#pragma warning restore IDE1006

        public WithEmptyParameter()
            : base(nameof(WithEmptyParameter)) => RegisterComponents();

        public Parameter Empty => empty;

        public Parameter Value => weight;

        public override Tensor forward(Tensor input) => input.matmul(weight) + empty.sum();
    }

    private sealed class Transposed : nn.Module<Tensor, Tensor>
    {
#pragma warning disable IDE1006
        private readonly Parameter weight = new(arange(1f, 5f).reshape(2, 2).t());
#pragma warning restore IDE1006

        public Transposed()
            : base(nameof(Transposed)) => RegisterComponents();

        public Parameter Value => weight;

        public override Tensor forward(Tensor input) => input.matmul(weight);
    }
}
