using System.Runtime.InteropServices;
using VisionSeqModels.Data;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Data;

/// <summary>What a GPU would get, on the CPU.</summary>
[Collection("Torch")]
public sealed class DataPlacementTests : IDisposable
{
    public void Dispose() => HostDevice.IsRemote = false;

    [Theory]
    [InlineData(DataPlacement.Auto)]
    [InlineData(DataPlacement.Device)]
    [InlineData(DataPlacement.Host)]
    public void EachPlacement_GivesTheSameBatches(DataPlacement placement)
    {
        using var scope = NewDisposeScope();
        using var images = SyntheticImages.Create(new() { TrainCount = 50, TestCount = 10 });
        var request = new BatchRequest
        {
            BatchSize = 16,
            Shuffle = true,
            Seed = 3,
            Placement = placement,
        };
        var expected = images.Train.Read(request).ToList();
        HostDevice.IsRemote = true;
        var batches = images.Train.Read(request).ToList();
        Assert.Equal(expected.Count, batches.Count);
        foreach (var (one, other) in expected.Zip(batches))
        {
            TensorAssert.Close(one.Inputs, other.Inputs, 1e-6, "inputs");
            TensorAssert.Identical(one.Targets, other.Targets, "targets");
        }
    }

    [Fact]
    public void ATrainersPlacement_ReachesItsData()
    {
        var requests = new List<BatchRequest>();
        var source = new Asked(requests);
        using var model = nn.Linear(2, 2);
        new Trainer(
            new TrainerOptions
            {
                Epochs = 1,
                Device = "cpu",
                DataPlacement = DataPlacement.Host,
            }
        ).Fit(model, source, source);
        Assert.Equal(2, requests.Count);
        Assert.All(requests, request => Assert.Equal(DataPlacement.Host, request.Placement));
    }

    /// <summary>There is no pinned memory without a GPU: that libtorch says so shows that it was asked.</summary>
    [Fact]
    public void PinnedMemory_IsAskedOfLibtorch()
    {
        if (cuda.is_available())
        {
            using var buffer = HostBuffer.Pinned(ScalarType.Float32, 2, 3, 4);
            Assert.Equal([2, 3, 4], buffer.shape);
            return;
        }

        var refusal = Assert.Throws<ExternalException>(() => HostBuffer.Pinned(ScalarType.Float32, 2, 3, 4));
        Assert.Contains("pin_memory=True requires a CUDA", LibtorchError.Of(refusal), StringComparison.Ordinal);
    }

    [Fact]
    public void ABufferForTheCpu_IsTheBatchItself()
    {
        using var buffer = HostBuffer.Empty(CPU, ScalarType.Int64, 3, 2);
        Assert.Same(buffer, HostBuffer.Send(buffer, CPU));
        Assert.Equal([3, 2], buffer.shape);
        Assert.False(buffer.IsInvalid);
    }

    private sealed class Asked(List<BatchRequest> requests) : IBatchSource
    {
        public string Name => "asked";

        public long? SampleCount => 2;

        public IEnumerable<Batch> Read(BatchRequest request)
        {
            requests.Add(request);
            yield return new Batch(zeros(2, 2), zeros(2, dtype: ScalarType.Int64));
        }
    }
}
