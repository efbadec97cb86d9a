using TorchSharp;
using VisionSeqModels.Data;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Data;

/// <summary>Which tensors a data set keeps for a device, and for how long. The CPU stands for a GPU.</summary>
[Collection("Torch")]
public sealed class ResidentImagesTests : IDisposable
{
    private const int Kept = 4; // pixels, labels, scale and offset

    private readonly byte[] _levels = [.. Enumerable.Range(0, 24).Select(i => (byte)(10 * i))];

    public void Dispose() => HostDevice.IsRemote = false;

    [Theory]
    [InlineData(DataPlacement.Auto, Kept)]
    [InlineData(DataPlacement.Device, Kept)]
    [InlineData(DataPlacement.Host, 0)]
    public void Images_StayOnTheDevice_UntilTheSetIsDisposed(DataPlacement placement, int kept)
    {
        HostDevice.IsRemote = true;
        long before = Tensor.TotalCount;
        using (var data = NewData())
        {
            long own = Tensor.TotalCount;
            for (int epoch = 0; epoch < 2; epoch++)
            {
                using var scope = NewDisposeScope();
                var batch = data.Read(new BatchRequest { BatchSize = 3, Placement = placement }).First();
                Assert.Equal([0, 1, 0], batch.Targets.data<long>().ToArray());
            }

            Assert.Equal(own + kept, Tensor.TotalCount);
        }

        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void Batches_AreTheStoredImages_OrThoseOfAnOrder()
    {
        using var scope = NewDisposeScope();
        using var data = NewData();
        long before = Tensor.TotalCount;
        var images = new DeviceImages(data.Pixels, data.Labels, data.Normalization, CPU);
        Assert.Equal(before + Kept, Tensor.TotalCount);
        var stored = images.Gather(null, 1, 2);
        var expected = (data.Pixels.narrow(0, 1, 2).to_type(ScalarType.Float32) / 127.5) - 1;
        TensorAssert.Close(expected, stored.Inputs, 1e-6, "stored");
        Assert.Equal([1, 0], stored.Targets.data<long>().ToArray());
        var chosen = images.Gather(images.Order([3, 0, 2, 1]), 2, 2);
        TensorAssert.Identical(stored.Inputs.flip(0), chosen.Inputs, "chosen");
        Assert.Equal([0, 1], chosen.Targets.data<long>().ToArray());
        before = Tensor.TotalCount;
        images.Dispose();
        Assert.Equal(before - Kept, Tensor.TotalCount);
        Assert.Equal(24, data.Pixels.numel()); // the set's own are there still
    }

    [Fact]
    public void ABuffer_IsSentToTheDevice_AndGivenBack()
    {
        using var scope = NewDisposeScope();
        var buffer = HostBuffer.Empty(CPU, ScalarType.Float32, 2, 3);
        Assert.Equal([2, 3], buffer.shape);
        Assert.Same(buffer, HostBuffer.Send(buffer, CPU));
        var sent = HostBuffer.Send(buffer, new Device(DeviceType.META));
        Assert.Equal((DeviceType.META, 6), (sent.device_type, sent.numel()));
        Assert.True(buffer.IsInvalid);
    }

    [Fact]
    public void ChangedImages_KeepTheirFilesNames()
    {
        using var data = new ImageDataset(
            "own",
            zeros(2, 1, 2, 3, dtype: ScalarType.Byte),
            zeros(2, dtype: ScalarType.Int64),
            ["a"]
        )
        {
            FileNames = ["one.png", "two.png"],
        };
        using var changed = data.Map(pixels => pixels.flip(3));
        Assert.Equal("two.png", changed.GetFileName(1));
    }

    private ImageDataset NewData()
    {
        using var scope = NewDisposeScope();
        return new ImageDataset(
            "own",
            tensor(_levels).reshape(4, 1, 2, 3).DetachFromDisposeScope(),
            tensor(new long[] { 0, 1, 0, 1 }).DetachFromDisposeScope(),
            ["a", "b"]
        );
    }
}
