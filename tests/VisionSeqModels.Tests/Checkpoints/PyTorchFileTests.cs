using TorchSharp;
using VisionSeqModels.Checkpoints;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Checkpoints;

/// <summary>State dicts and checkpoints that PyTorch 1.13 wrote are read bit for bit.</summary>
[Collection("Torch")]
public sealed class PyTorchFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public static TheoryData<string> Sound => [.. PyTorchFiles.Sound];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Sound))]
    public void FileOfPyTorch_HasTheSameBits(string name)
    {
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (var expected = Safetensors.Read(PyTorchFiles.PathOf("sound", name + ".safetensors")))
        using (
            var read = PyTorchFile.Read(PyTorchFiles.PathOf("sound", name + ".pth"), name == "two_models" ? "generator" : null)
        )
        {
            Assert.Equal(expected.Tensors.Keys.Order(StringComparer.Ordinal), read.Tensors.Keys.Order(StringComparer.Ordinal));
            Assert.All(
                expected.Tensors,
                entry =>
                {
                    Assert.Equal(entry.Value.dtype, read.Tensors[entry.Key].dtype);
                    TensorAssert.Identical(entry.Value, read.Tensors[entry.Key], entry.Key);
                }
            );
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void TiedTensors_ShareMemory_AsInPyTorch()
    {
        using var read = PyTorchFile.Read(PyTorchFiles.PathOf("sound", "views.pth"), entry: null);
        read.Tensors["tied"].fill_(5);
        Assert.Equal(5, read.Tensors["base"][3].ToSingle());
        Assert.Equal(5, read.Tensors["transposed"][2, 1].ToSingle());
    }

    [Theory]
    [InlineData("model", "", "")]
    [InlineData("checkpoint", "state_dict", "module.")]
    [InlineData("checkpoint_legacy", "state_dict", "module.")]
    public void StateDictOrCheckpoint_LoadsIntoTheModel_AndTheReportSaysFromWhere(string name, string entry, string prefix)
    {
        using var scope = NewDisposeScope();
        var model = Model();
        using var expected = Safetensors.Read(PyTorchFiles.PathOf("sound", name + ".safetensors"));

        var report = model.LoadWeights(PyTorchFiles.PathOf("sound", name + ".pth"));

        Assert.True(report.IsComplete);
        Assert.Equal(entry, report.Entry);
        Assert.Equal(prefix, report.Prefix);
        Assert.All(
            model.state_dict(),
            weight => TensorAssert.Identical(expected.Tensors[prefix + weight.Key], weight.Value, weight.Key)
        );
    }

    [Fact]
    public void CheckpointOfTwoModels_IsRefusedUntilOneIsNamed()
    {
        using var scope = NewDisposeScope();
        var model = Model();
        string path = PyTorchFiles.PathOf("sound", "two_models.pth");

        Assert.Contains(
            "several dicts of tensors: generator, critic",
            Assert.Throws<InvalidDataException>(() => model.LoadWeights(path)).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "no tensors in 'discriminator'. Its dicts of tensors are: generator, critic",
            Assert
                .Throws<InvalidDataException>(() => model.LoadWeights(path, new LoadWeightsOptions { Entry = "discriminator" }))
                .Message,
            StringComparison.Ordinal
        );
        Assert.Equal("generator", model.LoadWeights(path, new LoadWeightsOptions { Entry = "generator" }).Entry);
    }

    [Theory]
    [InlineData("module", "names 'torch.nn.modules.linear.Linear'")]
    [InlineData("module_legacy", "names 'torch.nn.modules.linear.Linear'")]
    [InlineData("torchscript", "it is a TorchScript program")]
    [InlineData("numpy_scalar", "names 'numpy.core.multiarray.scalar'")]
    [InlineData("expanded", "its elements overlap")]
    [InlineData("complex", "names 'torch.ComplexFloatStorage'")]
    [InlineData("list", "it holds no dict of tensors")]
    [InlineData("no_tensors", "it holds no dict of tensors")]
    [InlineData("sparse", "names 'torch._utils._rebuild_sparse_tensor'")]
    public void WhatIsNoStateDict_IsRefusedInASentence(string name, string says)
    {
        string path = PyTorchFiles.PathOf("refused", name + ".pth");
        string message = Assert.Throws<InvalidDataException>(() => PyTorchFile.Read(path, entry: null)).Message;
        Assert.Contains(says, message, StringComparison.Ordinal);
    }

    [Fact]
    public void SafetensorsUnderPyTorchsExtension_IsReadAsWhatItIs()
    {
        using var scope = NewDisposeScope();
        var model = Model();
        string path = _folder["model.pt"];
        File.Copy(PyTorchFiles.PathOf("sound", "model.safetensors"), path);
        Assert.True(model.LoadWeights(path).IsComplete);
    }

    [Fact]
    public void HandMadeFile_IsSound_InBothFormats()
    {
        PyTorchFiles.WriteZip(_folder["zip.pth"], PyTorchFiles.SoundPickle);
        PyTorchFiles.WriteLegacy(_folder["legacy.pth"], PyTorchFiles.SoundPickle);
        foreach (string name in new[] { "zip.pth", "legacy.pth" })
        {
            using var read = PyTorchFile.Read(_folder[name], entry: null);
            Assert.Equal([4], read.Tensors["weight"].shape);
        }
    }

    /// <summary>torchvision's ResNet-18, initialised there, is read to the bit.</summary>
    [PyTorchTheory]
    [InlineData("True")]
    [InlineData("False")]
    public void NetworkOfTorchvision_HasTheSameBits(string zip)
    {
        if (!PyTorch.Has("torchvision"))
        {
            return; // the same file with torch alone is in TestData
        }

        PyTorch.Run(
            _folder.Root,
            $"""
            import torch, torchvision
            from safetensors.torch import save_file
            state = torchvision.models.resnet18(num_classes=10).state_dict()
            torch.save(state, "resnet.pth", _use_new_zipfile_serialization={zip})
            save_file(dict(state), "resnet.safetensors")
            """
        );
        using var expected = Safetensors.Read(_folder["resnet.safetensors"]);
        using var read = PyTorchFile.Read(_folder["resnet.pth"], entry: null);
        Assert.Equal(122, read.Tensors.Count);
        Assert.All(expected.Tensors, entry => TensorAssert.Identical(entry.Value, read.Tensors[entry.Key], entry.Key));
    }

    private static nn.Module<Tensor, Tensor> Model() =>
        nn.Sequential(("conv", nn.Conv2d(1, 2, 3)), ("norm", nn.BatchNorm2d(2)), ("fc", nn.Linear(2, 3)));
}
