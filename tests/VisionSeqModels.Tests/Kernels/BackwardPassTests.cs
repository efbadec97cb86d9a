using System.Runtime.InteropServices;
using TorchSharp;
using VisionSeqModels.Models;
using VisionSeqModels.Training;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Kernels;

/// <summary>Several backward passes, and models of another dtype.</summary>
[Collection("Torch")]
public sealed class BackwardPassTests
{
    public static TheoryData<string> Functions => [.. Injection.Functions];

    public static TheoryData<string> Models => [.. FaultyModels.Names];

    [Theory]
    [MemberData(nameof(Functions))]
    public void SecondPass_WithoutRetainedGraph_Throws(string function)
    {
        using var scope = NewDisposeScope();
        var sum = Injection.Sum(function);
        sum.backward();
        var e = Assert.Throws<ExternalException>(() => sum.backward());
        Assert.Contains("backward through the graph a second time", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RecurrentCell.Rnn)]
    [InlineData(RecurrentCell.Lstm)]
    [InlineData(RecurrentCell.Gru)]
    public void SecondPassThroughHiddenStates_WithoutRetainedGraph_Throws(RecurrentCell cell)
    {
        using var scope = NewDisposeScope();
        using var model = SequenceModels.Build(cell, new RecurrentOptions { HiddenSize = 32, Seed = 1 });
        var sum = model.HiddenStates(FaultyModels.Input("GRU")).sum();
        sum.backward(retain_graph: true);
        sum.backward();
        Assert.Throws<ExternalException>(() => sum.backward());
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void TwoLosses_OnARetainedGraph_AddUp(string name)
    {
        using var scope = NewDisposeScope();
        using var model = FaultyModels.New(name);
        var scores = model.call(FaultyModels.Input(name));
        scores.sum().backward(retain_graph: true);
        scores.pow(2).sum().backward();
        Tensor[] added = [.. model.parameters().Select(weight => weight.grad!.clone())];
        model.zero_grad();
        scores = model.call(FaultyModels.Input(name));
        (scores.sum() + scores.pow(2).sum()).backward();
        Assert.All(model.parameters().Zip(added), pair => TensorAssert.Close(pair.First.grad!, pair.Second, 1e-4, "gradient"));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void TwoLosses_WithAStepInBetween_Throw(string name)
    {
        using var scope = NewDisposeScope();
        using var model = FaultyModels.New(name);
        using var optimizer = optim.SGD(model.parameters(), 0.1);
        var scores = model.call(FaultyModels.Input(name));
        scores.sum().backward(retain_graph: true);
        optimizer.step();
        var e = Assert.Throws<ExternalException>(() => scores.pow(2).sum().backward());
        Assert.Contains("modified by an inplace operation", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void HalfAModel_WithFloat32Input_IsRefused(string name)
    {
        using var scope = NewDisposeScope();
        using var model = FaultyModels.New(name);
        _ = model.to(ScalarType.Float16);
        var input = FaultyModels.Input(name);
        string message = Assert.Throws<ArgumentException>(() => model.call(input)).Message;
        Assert.Contains("has weights of dtype Float16 but received an input of dtype Float32", message, StringComparison.Ordinal);
        var e = Assert.ThrowsAny<Exception>(() => FaultyRuns.ByTrainer(model, input, (_, _, scores) => scores));
        Assert.Contains("has weights of dtype Float16", e.Message, StringComparison.Ordinal);
        Assert.True(e is ArgumentException or TrainingStepException, e.GetType().Name);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void DefaultDtypeFloat64_ChangesNoGradient(string name)
    {
        using var scope = NewDisposeScope();
        using var model = FaultyModels.New(name);
        var input = FaultyModels.Input(name);
        model.call(input).sum().backward();
        Tensor[] expected = [.. model.parameters().Select(weight => weight.grad!.clone())];
        model.zero_grad();
        try
        {
            set_default_dtype(float64);
            model.call(input).sum().backward();
        }
        finally
        {
            set_default_dtype(float32);
        }

        Assert.All(model.parameters().Zip(expected), pair => Assert.True(pair.First.grad!.equal(pair.Second).all().item<bool>()));
    }

    [Theory]
    [InlineData("own")]
    [InlineData("libtorch")]
    public async Task GradOfTorchSharp_CatchesNoFailure_NeitherHereNorInLibtorchsOperations(string kind)
    {
        using var child = ChildProgram.Start(ChildProgram.GradCommand, kind);
        var error = child.StandardError.ReadToEndAsync();
        string output = await child.StandardOutput.ReadToEndAsync();
        await child.WaitForExitAsync();
        Assert.NotEqual(0, child.ExitCode);
        Assert.StartsWith(ChildProgram.Ready, output, StringComparison.Ordinal);
        Assert.Contains("c10::Error", await error, StringComparison.Ordinal);
    }

    /// <summary>What another process runs: a gradient by <c>autograd.grad</c> after a weight was changed.</summary>
    internal static void GradAfterAChange(string kind)
    {
        using var model = SequenceModels.Gru(new RecurrentOptions { HiddenSize = 32 });
        var weight = kind == "own" ? model.parameters().First() : rand([3, 3], requires_grad: true);
        var output = kind == "own" ? model.HiddenStates(FaultyModels.Input("GRU")) : weight.mm(weight);
        Console.WriteLine(ChildProgram.Ready);
        using (no_grad())
        {
            weight.add_(1);
        }

        _ = autograd.grad([output.sum()], [weight]);
    }
}
