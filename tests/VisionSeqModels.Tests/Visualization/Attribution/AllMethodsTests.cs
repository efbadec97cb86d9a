using System.Diagnostics.CodeAnalysis;
using TorchSharp;
using VisionSeqModels.Visualization;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Visualization.Attribution;

#pragma warning disable IDE0065 // outside of the namespace, the namespace's own name comes first
using Attribution = VisionSeqModels.Visualization.Attribution;
#pragma warning restore IDE0065

/// <summary>What every method of attribution promises.</summary>
[Collection("Torch")]
public sealed class AllMethodsTests
{
    public static TheoryData<string> Names => AllMethods.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Method_LeavesNoTensorBehind_AndTheModelAsItWas_AndDoesNotDependOnTheBatch(string method)
    {
        using var model = Model();
        using var images = randn([3, 3, 12, 12], generator: new Generator(3));
        using var before = model.get_parameter("conv1.weight")!.clone();
        model.train();
        var together = AllMethods.Run(method, model, images);
        long live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var alone = AllMethods.Run(method, model, images, new() { BatchSize = 1 });
        Assert.Equal(live, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        using var scope = NewDisposeScope();
        TensorAssert.Close(AllMethods.Values(together), AllMethods.Values(alone), 1e-5, method);
        TensorAssert.Identical(before, model.get_parameter("conv1.weight")!, "weights");
        Assert.All(model.parameters(), parameter => Assert.Null(parameter.grad));
        Assert.All(model.modules(), module => Assert.True(module.training));
        Assert.False(images.requires_grad);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Method_StopsWhenCancelled(string method)
    {
        using var scope = NewDisposeScope();
        using var model = Model();
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() =>
            AllMethods.Run(method, model, Images(), cancellationToken: cancelled.Token)
        );
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Method_OfAnObjective_IsThatOfTheClassItSelects(string method)
    {
        using var scope = NewDisposeScope();
        using var model = Model();
        var byClass = AllMethods.Run(method, model, Images(), new() { Targets = [1, 1] });
        var byObjective = AllMethods.Run(method, model, Images(), new() { Objective = outputs => outputs.select(1, 1) });
        TensorAssert.Close(AllMethods.Values(byClass), AllMethods.Values(byObjective), 1e-6, method);
        Assert.All(byObjective, map => Assert.Equal(-1, map.Target));
        Assert.Equal(byClass.Select(map => map.Score), byObjective.Select(map => map.Score));
        Assert.Contains(
            "Float32 [2, 4]",
            Assert
                .Throws<ArgumentException>(() =>
                    AllMethods.Run(method, model, Images(), new() { Objective = outputs => outputs })
                )
                .Message,
            StringComparison.Ordinal
        );
        Assert.Throws<InvalidOptionsException>(() =>
            AllMethods.Run(method, model, Images(), new() { Objective = outputs => outputs.sum(1), Targets = [1, 1] })
        );
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Method_SaysWhichClassesAndDtypesItTakes(string method)
    {
        using var scope = NewDisposeScope();
        using var model = Model();
        string Of(Action action) => Assert.ThrowsAny<ArgumentException>(action).Message;
        Assert.Contains(
            "classes are 4, which must be from 0 to 3",
            Of(() => AllMethods.Run(method, model, Images(), new() { Targets = [4, 4] })),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "classes from 0, but is -7",
            Of(() => AllMethods.Run(method, model, Images(), new() { Targets = [0, -7] })),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "Byte [2, 3, 12, 12]",
            Of(() => AllMethods.Run(method, model, zeros([2, 3, 12, 12], dtype: ScalarType.Byte))),
            StringComparison.Ordinal
        );
        model.to(ScalarType.Float64);
        var exact = AllMethods.Run(method, model, Images(), new() { Targets = [2, 3] });
        model.to(ScalarType.Float32);
        TensorAssert.Close(
            AllMethods.Values(exact),
            AllMethods.Values(AllMethods.Run(method, model, Images(), new() { Targets = [2, 3] })),
            1e-3,
            method
        );
    }

    [Fact]
    public void DeepLiftAndLrp_NameWhatTheirRulesDoNotCover_OrRefuse()
    {
        using var scope = NewDisposeScope();
        using var functional = new Own(input => input.tanh(), asModule: true);
        string? lift = Attribution.DeepLift(functional, Images())[0].Warning;
        string? lrp = Attribution.Lrp(functional, Images())[0].Warning;
        Assert.Contains("not operations outside modules before fc", lift, StringComparison.Ordinal);
        Assert.Contains("none for operations outside modules before fc", lrp, StringComparison.Ordinal);
        using var relu = new Own(input => input.relu(), asModule: false);
        Assert.Contains(
            "runs none on the way",
            Assert.Throws<InvalidOperationException>(() => Attribution.DeepLift(relu, Images())).Message,
            StringComparison.Ordinal
        );
        var relevance = Attribution.Lrp(relu, Images(), new() { Epsilon = 0 }); // a ReLU needs no rule
        Assert.All(relevance, map => Assert.Null(map.Warning));
        using var shifted = new Own(input => (input * 2) + 1, asModule: true);
        Assert.Null(Attribution.DeepLift(shifted, Images())[0].Warning); // linear up to a constant
        Assert.NotNull(Attribution.Lrp(shifted, Images())[0].Warning); // the constant takes relevance
        Assert.Contains(
            "runs no convolution or linear module",
            Assert.Throws<InvalidOperationException>(() => Attribution.Lrp(nn.Sequential(nn.Flatten()), Images())).Message,
            StringComparison.Ordinal
        );
        using var norm = nn.Sequential(
            ("conv", nn.Conv2d(3, 4, 3)),
            ("norm", nn.GroupNorm(2, 4)),
            ("relu", nn.ReLU()),
            ("flat", nn.Flatten()),
            ("fc", nn.Linear(400, 4))
        );
        using (no_grad())
        {
            foreach (var parameter in norm.parameters()) // fixed ones, whatever the modules begin with
            {
                parameter.copy_((arange(parameter.numel()).remainder(7).reshape(parameter.shape) - 3) * 0.1);
            }
        }

        Assert.Contains("norm (GroupNorm)", Attribution.DeepLift(norm, Images())[0].Warning, StringComparison.Ordinal);
        using var ends = nn.Sequential(
            ("flat", nn.Flatten()),
            ("fc", nn.Linear(432, 4)),
            ("relu", nn.ReLU()),
            ("softmax", nn.Softmax(1))
        );
        foreach (var maps in new[] { Attribution.DeepLift(ends, Images()), Attribution.Lrp(ends, Images()) })
        {
            Assert.Contains("softmax (Softmax)", maps[0].Warning, StringComparison.Ordinal);
            Assert.Contains("Explain the scores before it", maps[0].Warning, StringComparison.Ordinal);
        }

        Assert.Contains("norm (GroupNorm)", Attribution.Lrp(norm, Images())[0].Warning, StringComparison.Ordinal);
    }

    [Fact]
    public void MapOfAnObjective_SaysSoInItsTitle()
    {
        using var scope = NewDisposeScope();
        using var model = Model();
        var map = Attribution.Saliency(model, Images(), new() { Objective = outputs => outputs.sum(1) })[0];
        Assert.Equal("the objective", AttributionBatches.NameOf(map.Target));
        using var picture = PictureAssert.Decode(map.Draw());
        Assert.True(picture.Width > 0);
    }

    [SuppressMessage("Performance", "CA1859", Justification = "methods take the base class")]
    private static nn.Module<Tensor, Tensor> Model()
    {
        using var generator = new Generator(2);
        var model = nn.Sequential(
            ("conv1", nn.Conv2d(3, 4, 3, padding: 1)),
            ("norm", nn.BatchNorm2d(4)),
            ("relu1", nn.ReLU(inplace: true)),
            ("pool", nn.MaxPool2d(2)),
            ("conv2", nn.Conv2d(4, 5, 3)),
            ("relu2", nn.ReLU()),
            ("flat", nn.Flatten()),
            ("drop", nn.Dropout(0.5)),
            ("fc", nn.Linear(5 * 16, 4))
        );
        using var noGradients = no_grad();
        foreach (var parameter in model.parameters())
        {
            using var drawn = randn(parameter.shape, generator: generator);
            parameter.copy_(drawn * 0.3);
        }

        return model;
    }

    private static Tensor Images() => randn([2, 3, 12, 12], generator: new Generator(3));

    /// <summary>A convolution, a ReLU module if wanted, a function, and a linear layer.</summary>
    private sealed class Own : nn.Module<Tensor, Tensor>
    {
        private readonly TorchSharp.Modules.Conv2d conv = nn.Conv2d(3, 4, 3);
        private readonly TorchSharp.Modules.ReLU relu = nn.ReLU();
        private readonly TorchSharp.Modules.Linear fc = nn.Linear(400, 4);
        private readonly Func<Tensor, Tensor> _function;
        private readonly bool _asModule;

        public Own(Func<Tensor, Tensor> function, bool asModule)
            : base(nameof(Own))
        {
            (_function, _asModule) = (function, asModule);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            var features = conv.call(input);
            return fc.call(_function(_asModule ? relu.call(features) : features).flatten(1));
        }
    }
}
