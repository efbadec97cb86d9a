using VisionSeqModels.Inference;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace VisionSeqModels.Tests.Inference;

/// <summary>Modules of one's own, and the promise that no file is silently wrong.</summary>
[Collection("Torch")]
public sealed class OnnxOwnModelTests
{
    private static readonly OnnxOptions Row = new() { InputShape = [6] };

    [Fact]
    public void AModuleThatConvertsItself_GivesTheSame()
    {
        using var model = Sequential(("first", new Residual()), ("second", new Residual()));
        OnnxAssert.Same(model, batch => randn(batch, 6), Row);
    }

    [Fact]
    public void AnLstmWithinAModuleOfOnesOwn_GivesTheSame()
    {
        using var model = new Wrapped();
        OnnxAssert.Same(model, batch => randn(batch, 8, 3), new OnnxOptions { InputShape = [8, 3] });
    }

    [Fact]
    public void AConverterOfSomebodyElsesType_IsUsedAndChecked()
    {
        using var model = Sequential(("layer", Linear(6, 6)), ("opaque", new Opaque()));
        var converters = new Dictionary<Type, OnnxConverter>
        {
            // Wrong on purpose: the sine is no hyperbolic tangent.
            [typeof(Opaque)] = (_, graph, input) => graph.Add("Tanh", [input]),
        };
        var e = Assert.Throws<InvalidOperationException>(() => Save(model, Row with { Converters = converters }));
        Assert.Contains("gives other outputs than the model", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AConverterGoesBeforeThatOfTheLibrary()
    {
        using var model = Sequential(("layer", Linear(6, 6)), ("relu", ReLU()));
        int calls = 0;
        var converters = new Dictionary<Type, OnnxConverter>
        {
            [typeof(TorchSharp.Modules.ReLU)] = (_, graph, input) =>
            {
                calls++;
                return graph.Add("Max", [input, graph.Constant(0.0)]);
            },
        };
        OnnxAssert.Same(model, batch => randn(batch, 6), Row with { Converters = converters });
        Assert.Equal(1, calls);
    }

    [Fact]
    public void AConverterThatIsWrong_IsRefused_AndNothingIsWritten()
    {
        using var model = Sequential(("forgetful", new Forgetful()));
        Refused<InvalidOperationException>(model, Row, "gives other outputs than the model: they differ by up to");
    }

    [Fact]
    public void AHookThatChangesAnOutput_IsRefused()
    {
        using var layer = Linear(6, 6);
        layer.register_forward_hook((_, _, output) => output * 2);
        using var model = Sequential(("layer", layer));
        Refused<InvalidOperationException>(model, Row, "a hook changes a module's output");
    }

    [Fact]
    public void WhatCannotBeExported_IsNamedWithItsPlace()
    {
        using var model = Sequential(("block", Sequential(("layer", Linear(6, 6)), ("odd", new Opaque()))));
        Refused<NotSupportedException>(model, Row, "cannot export 'block.odd' of type Opaque");
    }

    [Fact]
    public void ASequentialThatComputesMore_IsRefused()
    {
        using var model = new MoreThanASequence();
        Refused<NotSupportedException>(model, Row, "cannot export the model of type MoreThanASequence");
    }

    [Fact]
    public void ABatchNormWithoutStatistics_IsRefused()
    {
        using var model = Sequential(("norm", BatchNorm1d(6, track_running_stats: false)));
        Refused<NotSupportedException>(model, Row, "as 'norm' is, normalises by the batch it is given");
    }

    [Fact]
    public void AnotherDtypeThanFloat32_IsRefused()
    {
        using var model = Sequential(("layer", Linear(6, 6, dtype: ScalarType.Float64)));
        Refused<NotSupportedException>(model, Row, "'layer.weight' is Float64");
    }

    [Fact]
    public void AModelTooLargeForTheFormat_IsRefused()
    {
        using var model = Sequential(("layer", Linear(600, 60)));
        using var folder = new TempFolder();
        var e = Assert.Throws<NotSupportedException>(() =>
            OnnxExport.Save(model, folder["model.onnx"], new OnnxOptions { InputShape = [600] }, largestFile: 100_000)
        );
        Assert.Contains("ends at 100,000 bytes, but this model's weights have 144,240", e.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.Root));
    }

    [Fact]
    public void AFileThatIsReplaced_StaysWhereTheNewOneIsRefused()
    {
        using var folder = new TempFolder();
        using var good = Sequential(("layer", Linear(6, 6)));
        using var bad = Sequential(("odd", new Opaque()));
        good.SaveOnnx(folder["model.onnx"], Row);
        byte[] before = File.ReadAllBytes(folder["model.onnx"]);
        Assert.Throws<NotSupportedException>(() => bad.SaveOnnx(folder["model.onnx"], Row));
        Assert.Equal(before, File.ReadAllBytes(folder["model.onnx"]));
    }

    private static void Save(Module<Tensor, Tensor> model, OnnxOptions options)
    {
        using var folder = new TempFolder();
        model.SaveOnnx(folder["model.onnx"], options);
    }

    private static void Refused<TException>(Module<Tensor, Tensor> model, OnnxOptions options, string part)
        where TException : Exception
    {
        using var folder = new TempFolder();
        var e = Assert.Throws<TException>(() => model.SaveOnnx(folder["model.onnx"], options));
        Assert.Contains(part, e.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.Root));
    }
}
