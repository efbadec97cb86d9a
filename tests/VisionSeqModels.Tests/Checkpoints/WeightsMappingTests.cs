using VisionSeqModels.Checkpoints;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Checkpoints;

/// <summary>Files that PyTorch's wrappers and other dtypes make load with a report of what was done; a file of which nothing
/// fits is refused.</summary>
[Collection("Torch")]
public sealed class WeightsMappingTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly nn.Module<Tensor, Tensor> _source = TinyModel.Create(seed: 1);
    private readonly nn.Module<Tensor, Tensor> _model = TinyModel.Create(seed: 2);

    private string File => _folder["w.safetensors"];

    public void Dispose()
    {
        _source.Dispose();
        _model.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("module.")]
    [InlineData("_orig_mod.")]
    [InlineData("model.")]
    [InlineData("net.")]
    [InlineData("module._orig_mod.")]
    [InlineData("_orig_mod.module.")]
    [InlineData("model.module._orig_mod.")]
    public void NamesBehindAPrefix_AreFoundAndThePrefixIsReported(string prefix)
    {
        Write(name => prefix + name);

        var report = _model.LoadWeights(File);

        Assert.True(report.IsComplete);
        Assert.Equal(prefix, report.Prefix);
        Assert.Equal(["hidden.bias", "hidden.weight", "out.bias", "out.weight"], report.Loaded.Order(StringComparer.Ordinal));
        AssertLoaded(0);
    }

    [Theory]
    [InlineData(ScalarType.Float16, 1e-3)]
    [InlineData(ScalarType.BFloat16, 1e-2)]
    [InlineData(ScalarType.Float64, 0)]
    public void OtherFloatingPointDtype_IsConvertedAndReported(ScalarType type, double tolerance)
    {
        Write(name => name, tensor => tensor.to_type(type));

        var report = _model.LoadWeights(File);

        Assert.True(report.IsComplete);
        Assert.Equal("", report.Prefix);
        Assert.Equal(4, report.Converted.Count);
        Assert.Contains($"out.bias from {type} to Float32", report.Converted);
        Assert.All(_model.parameters(), parameter => Assert.Equal(ScalarType.Float32, parameter.dtype));
        AssertLoaded(tolerance);
    }

    [Fact]
    public void Map_RenamesNamesAfterThePrefix_AndLeavesOutWhatItGivesNullFor()
    {
        Write(name => "module.backbone." + name.Replace("hidden", "first", StringComparison.Ordinal));

        var report = _model.LoadWeights(
            File,
            new LoadWeightsOptions
            {
                Prefix = "module.backbone.",
                Map = name => name == "out.bias" ? null : name.Replace("first", "hidden", StringComparison.Ordinal),
                Strict = false,
            }
        );

        Assert.Equal(["hidden.bias", "hidden.weight", "out.weight"], report.Loaded.Order(StringComparer.Ordinal));
        Assert.Equal(["module.backbone.out.bias"], report.LeftOut);
        Assert.Equal(["out.bias"], report.Missing);
        Assert.Empty(report.Unexpected);
    }

    [Fact]
    public void PrefixOfAWrapper_IsFoundBeforeMappedNamesToo()
    {
        Write(name => "module." + name.Replace("hidden", "first", StringComparison.Ordinal));
        var report = _model.LoadWeights(
            File,
            new LoadWeightsOptions { Map = name => name.Replace("first", "hidden", StringComparison.Ordinal) }
        );
        Assert.True(report.IsComplete);
        Assert.Equal("module.", report.Prefix);
        AssertLoaded(0);
    }

    [Fact]
    public void EmptyPrefix_TakesNamesAsTheyAre()
    {
        Write(name => "module." + name);
        Assert.Throws<WeightsMismatchException>(() =>
            _model.LoadWeights(File, new LoadWeightsOptions { Prefix = "", Strict = false })
        );
    }

    [Fact]
    public void TwoNamesMappedToOne_AreReported()
    {
        Write(name => name);
        var options = new LoadWeightsOptions { Map = name => name.Replace("hidden", "out", StringComparison.Ordinal) };
        var report = Assert.Throws<WeightsMismatchException>(() => _model.LoadWeights(File, options)).Report;
        Assert.Equal(2, report.Unexpected.Count);
    }

    [Fact]
    public void MapThatLeavesOutEverything_LoadsNothingAndIsRefused()
    {
        Write(name => name);
        var options = new LoadWeightsOptions { Map = _ => null, Strict = false };
        Assert.Throws<WeightsMismatchException>(() => _model.LoadWeights(File, options));
    }

    [Fact]
    public void FileOfTheModelsOwn_HasNoPrefixAndNoConversion()
    {
        _source.SaveWeights(File);
        var report = _model.LoadWeights(File);
        Assert.Equal("", report.Prefix);
        Assert.Empty(report.Converted);
        AssertLoaded(0);
    }

    /// <summary>A training checkpoint has the loss's weights beside the network's.</summary>
    [Fact]
    public void NamesWithoutThePrefix_StayAsTheyAre()
    {
        using var scope = NewDisposeScope();
        Safetensors.Write(
            File,
            [
                .. _source.state_dict().Select(entry => new KeyValuePair<string, Tensor>("model." + entry.Key, entry.Value)),
                new("criterion.weight", ones(2)),
            ]
        );

        Assert.Equal(
            ["criterion.weight"],
            Assert.Throws<WeightsMismatchException>(() => _model.LoadWeights(File)).Report.Unexpected
        );
        Assert.Equal("model.", _model.LoadWeights(File, strict: false).Prefix);
        AssertLoaded(0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void NothingThatFits_IsRefusedWithTheNamesOfBothSides_AlsoWhenNotStrict(bool strict)
    {
        Write(name => "encoder." + name);
        using var scope = NewDisposeScope();
        var before = _model.get_parameter("out.bias")!.clone();

        var error = Assert.Throws<WeightsMismatchException>(() => _model.LoadWeights(File, strict));

        Assert.Contains("the file has encoder.hidden.weight", error.Message, StringComparison.Ordinal);
        Assert.Contains("the model has hidden.weight", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("strict", error.Message, StringComparison.Ordinal);
        TensorAssert.Identical(before, _model.get_parameter("out.bias")!, "out.bias");
    }

    [Fact]
    public void IntegersInPlaceOfNumbers_AreNoConversion()
    {
        Write(name => name, tensor => tensor.to_type(ScalarType.Int64));
        var error = Assert.Throws<WeightsMismatchException>(() => _model.LoadWeights(File, strict: false));
        Assert.Contains(
            "out.bias is Int64 [2] in the file and Float32 [2] in the model",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void EmptyFile_IsRefused()
    {
        Safetensors.Write(File, []);
        var error = Assert.Throws<WeightsMismatchException>(() => _model.LoadWeights(File, strict: false));
        Assert.Contains("the file has no tensors", error.Message, StringComparison.Ordinal);
    }

    private void Write(Func<string, string> name, Func<Tensor, Tensor>? change = null)
    {
        using var scope = NewDisposeScope();
        Safetensors.Write(
            File,
            _source
                .state_dict()
                .Select(entry => KeyValuePair.Create(name(entry.Key), change?.Invoke(entry.Value.detach()) ?? entry.Value))
        );
    }

    private void AssertLoaded(double tolerance)
    {
        using var scope = NewDisposeScope();
        foreach (var (name, expected) in _source.state_dict())
        {
            var difference = (expected - _model.state_dict()[name]).abs().max().item<float>();
            Assert.True(difference <= tolerance, $"{name}: {difference}");
        }
    }
}
