using TorchSharp;
using VisionSeqModels.Data;
using VisionSeqModels.Torch;
using VisionSeqModels.Visualization;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Visualization.Attribution;

[Collection("Torch")]
public sealed class TopActivationsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(64)]
    public void Images_AreThoseOfASort_WithTiesBrokenByOrder(int batchSize)
    {
        using var scope = NewDisposeScope();
        using var images = SyntheticImages.Create(
            new SyntheticImagesOptions
            {
                TrainCount = 40,
                TestCount = 1,
                Seed = 1,
            }
        );
        // some images twice
        using var data = images.Train.Map(pixels => cat([pixels, pixels.narrow(0, 0, 10).flip(0)]).narrow(0, 10, 40));
        using var model = VisionModels.LeNet(new LeNetOptions { Seed = 1 });

        var top = TopActivations.Measure(model, data, new() { Layer = "pool2", BatchSize = batchSize });

        using var all = data.Read(new BatchRequest { BatchSize = 40 }).GetEnumerator();
        all.MoveNext();
        using var pass = ForwardTrace.OfOutputs(model, all.Current.Inputs);
        var strongest = pass.Find("pool2").Output.detach().amax([2, 3]);
        for (int map = 0; map < 16; map++)
        {
            float[] values = strongest.select(1, map).contiguous().data<float>().ToArray();
            long[] wanted =
            [
                .. Enumerable.Range(0, 40).OrderByDescending(i => values[i]).ThenBy(i => i).Take(9).Select(i => (long)i),
            ];
            Assert.Equal(wanted, top.Maps[map].Select(projection => projection.ImageIndex));
            Assert.All(top.Maps[map], projection => Assert.Equal(values[projection.ImageIndex], projection.Activation, 1e-6));
        }

        // Each is projected with its own image's switches.
        var one = top.Maps[2][4];
        using var alone = new ImageSubset(data, [one.ImageIndex]).Read(new BatchRequest { BatchSize = 1 }).GetEnumerator();
        alone.MoveNext();
        var single = Deconvnet.Measure(model, alone.Current.Inputs, new() { Layer = "pool2" });
        TensorAssert.Close(Of(single.Maps[2]), Of(one), 1e-5, "projection");
        using var picture = PictureAssert.Decode(top.Draw(data, [0, 2]));
        Assert.Equal(9, PictureAssert.TilesInRow(picture, row: picture.Height - 40)); // the patches of the last map
    }

    [Fact]
    public void Search_LeavesNoTensors()
    {
        using var images = SyntheticImages.Create(
            new SyntheticImagesOptions
            {
                TrainCount = 30,
                TestCount = 1,
                Seed = 1,
            }
        );
        using var model = VisionModels.LeNet(new LeNetOptions { Seed = 1 });
        var options = new TopActivationsOptions
        {
            Layer = "activation1",
            MaximumCount = 2,
            BatchSize = 8,
        };
        TopActivations.Measure(model, images.Train, options);
        long live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        TopActivations.Measure(model, images.Train, options);
        Assert.Equal(live, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.True(model.training);
    }

    private static Tensor Of(FeatureProjection projection) =>
        tensor(projection.Values.ToArray()).reshape([.. projection.Shape.Select(size => (long)size)]);
}
