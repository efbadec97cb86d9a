using VisionSeqModels.Checkpoints;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Checkpoints;

/// <summary>How weights that do not fit are reported, word by word, and which of them fit.</summary>
[Collection("Torch")]
public sealed class WeightsMessagesTests : IDisposable
{
    private const string Advice = "Build the model with the options it was saved with";
    private const string B = "b is Float32 [3] in the file and Float32 [2] in the model";

    private readonly TorchSharp.DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData("a1 c1", "a1", "the file lacks c")]
    [InlineData("a1 c1 d1", "a1", "the file lacks c, d")]
    [InlineData("a1", "a1 e1", "the model lacks e")]
    [InlineData("a1", "a1 e1 f1", "the model lacks e, f")]
    [InlineData("a1 b2", "a1 b3", B)]
    [InlineData("a1 b2 c1", "a1 b3 e1", B + "; the file lacks c; the model lacks e")]
    public void SomeThatFit_AreNotReported(string model, string file, string differences) =>
        Assert.Equal(
            $"The weights in 'w' do not fit the model: {differences}. {Advice}, or load what fits with strict: false.",
            Message(model, file)
        );

    [Theory]
    [InlineData("b2", "b3", B)]
    [InlineData("b2 c1", "b3 e1", B + "; the file lacks c; the model lacks e")]
    public void NothingThatFits_OfTheSameNames_IsReportedBySize(string model, string file, string differences) =>
        Assert.Equal(
            $"The weights in 'w' do not fit the model, so nothing was loaded: {differences}. {Advice}.",
            Message(model, file)
        );

    [Theory]
    [InlineData("a1 b1 c1 d1 e1 f1", "u1 v1 w1 x1 y1 z1 g1", "u, v, w, x, y, z and 1 more", "a, b, c, d, e, f")]
    [InlineData("a1 b1 c1 d1 e1 f1 g1 h1", "z1", "z", "a, b, c, d, e, f and 2 more")]
    [InlineData("a1", "", "no tensors", "a")]
    public void NothingThatFits_OfOtherNames_IsReportedBySixNames(string model, string file, string has, string wants) =>
        Assert.Equal(
            $"Nothing in 'w' fits the model, so nothing was loaded: the file has {has}, the model has {wants}. "
                + "Build the model that was saved, or rename the tensors.",
            Message(model, file)
        );

    [Theory]
    [InlineData("w1 x.w1")]
    [InlineData("x.w1 w1")]
    public void NameWithoutThePrefix_IsTakenBeforeTheOneWithIt(string file)
    {
        var report = WeightsReport.Compare(Tensors("w1"), Tensors(file), new LoadWeightsOptions { Prefix = "x." });
        Assert.Equal("w", report.Sources["w"]);
        Assert.Equal(["x.w"], report.Unexpected);
    }

    [Fact]
    public void WithoutOptions_NamesAndDtypesAreTheVeryOnes()
    {
        Assert.True(WeightsReport.Compare(Tensors("a1"), Tensors("a1"), options: null).IsComplete);
        var named = WeightsReport.Compare(Tensors("a1"), Tensors("module.a1"), options: null);
        Assert.Equal(("", false), (named.Prefix, named.IsComplete));
        Assert.True(WeightsReport.Compare(Tensors("a1"), Tensors("module.a1"), new LoadWeightsOptions()).IsComplete);
        var halves = new Dictionary<string, Tensor> { ["a"] = zeros(1, dtype: ScalarType.Float16) };
        Assert.Equal(
            ["a is Float16 [1] in the file and Float32 [1] in the model"],
            WeightsReport.Compare(Tensors("a1"), halves, options: null).Mismatched
        );
        Assert.True(WeightsReport.Compare(Tensors("a1"), halves, new LoadWeightsOptions()).IsComplete);
    }

    private static string Message(string model, string file) =>
        new WeightsMismatchException("w", WeightsReport.Compare(Tensors(model), Tensors(file), new LoadWeightsOptions())).Message;

    /// <summary>Tensors by their names, each with its number of values behind it.</summary>
    private static Dictionary<string, Tensor> Tensors(string names) =>
        names.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToDictionary(name => name[..^1], name => zeros(name[^1] - '0'));
}
