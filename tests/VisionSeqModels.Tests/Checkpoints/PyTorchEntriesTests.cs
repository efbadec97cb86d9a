using VisionSeqModels.Checkpoints;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Checkpoints;

/// <summary>Which dict of a checkpoint has the weights.</summary>
public sealed class PyTorchEntriesTests
{
    private static readonly TensorReference Weight = TensorReference.Create(
        new PickleStorage("0", ScalarType.Float32, sizeof(float), 1),
        0,
        [1],
        [1]
    );

    [Fact]
    public void OneDictOfTensors_IsFound_WhateverItsName()
    {
        var (name, tensors) = PyTorchEntries.Choose(Dict(("mine", Dict(("w", Weight))), ("epoch", 3L)), entry: null);
        Assert.Equal("mine", name);
        Assert.Equal(["w"], tensors.Keys);
    }

    [Fact]
    public void ValuesBesideTheTensors_AreLeftOut()
    {
        var (name, tensors) = PyTorchEntries.Choose(Dict(("epoch", 3L), ("w", Weight), ("note", "text")), entry: null);
        Assert.Equal("", name);
        Assert.Equal(["w"], tensors.Keys);
    }

    [Fact]
    public void UsualName_IsTakenBeforeTheFilesOwnTensors() =>
        Assert.Equal("model", PyTorchEntries.Choose(Dict(("w", Weight), ("model", Dict(("w", Weight)))), entry: null).Name);

    [Fact]
    public void NameWithoutTensors_IsRefusedWithThoseThatHaveThem()
    {
        Assert.Equal("it has no tensors in 'x'. Its dicts of tensors are: none.", Refused(Dict(("w", Weight)), "x"));
        Assert.Equal(
            "it has no tensors in 'x'. Its dicts of tensors are: b, a.",
            Refused(Dict(("b", Dict(("w", Weight))), ("a", Dict(("w", Weight))), ("x", Dict(("w", 1L)))), "x")
        );
    }

    private static string Refused(PickleDict dict, string? entry) =>
        Assert.Throws<FormatException>(() => PyTorchEntries.Choose(dict, entry)).Message;

    private static PickleDict Dict(params (string Key, object? Value)[] entries)
    {
        var dict = new PickleDict();
        foreach (var (key, value) in entries)
        {
            dict.Set(key, value);
        }

        return dict;
    }
}
