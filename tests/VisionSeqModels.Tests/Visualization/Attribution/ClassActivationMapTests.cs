using VisionSeqModels.Drawing;
using VisionSeqModels.Torch;
using VisionSeqModels.Visualization;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Visualization.Attribution;

[Collection("Torch")]
public sealed class ClassActivationMapTests
{
    private const float Tolerance = 1e-5f;

    [Fact]
    public void ClassActivationMaps_OfAPooledLinearHead_AreItsWeights()
    {
        using var scope = NewDisposeScope();
        using var linear = nn.Linear(4, 3);
        using var conv = nn.Conv2d(3, 4, 3, padding: 1);
        using var model = nn.Sequential(
            ("conv", conv),
            ("relu", nn.ReLU()),
            ("pool", nn.AdaptiveAvgPool2d(1)),
            ("flat", nn.Flatten()),
            ("linear", linear)
        );
        var images = Images(2).narrow(2, 0, 6).narrow(3, 0, 6).contiguous();
        var options = new ClassActivationMapsOptions { Targets = [2, 1], Layer = "relu" };
        var cam = ClassActivationMaps.GradCam(model, images, options);
        var high = ClassActivationMaps.HiResCam(model, images, options);
        for (int i = 0; i < 2; i++)
        {
            var activation = conv.call(images.narrow(0, i, 1)).relu()[0];
            var weighted = (linear.weight![cam[i].Target].reshape(4, 1, 1) * activation).sum([0L]).relu() / 36;
            // the map has the images' size already
            AssertClose(weighted.detach().contiguous().data<float>().ToArray(), cam[i].Values);
            AssertClose(cam[i].Values, high[i].Values); // the gradient is the same everywhere
        }

        Assert.Equal("Grad-CAM (relu)", ClassActivationMaps.GradCam(model, images)[0].Method); // found by itself
        Assert.Equal([1, 6, 6], cam[0].Shape);
    }

    [Fact]
    public void HiResCam_OfALinearHead_SumsToTheScore()
    {
        using var scope = NewDisposeScope();
        using var linear = nn.Linear(4 * 16, 3, hasBias: false);
        using var model = nn.Sequential(("conv", nn.Conv2d(3, 4, 3)), ("flat", nn.Flatten()), ("linear", linear));
        var images = Images(2).narrow(2, 0, 6).narrow(3, 0, 6).contiguous();
        using var pass = ForwardTrace.OfOutputs(model, images);
        var scores = pass.Output;
        var activation = pass.Find("conv").Output;
        var gradient = SafeGradients.Of(scores.select(1, 0).sum(), null, activation)[0]!;
        TensorAssert.Close(scores.select(1, 0), (gradient * activation).sum([1, 2, 3]), 1e-5, "sum of the map");
    }

    [Fact]
    public void MapThatIsZeroEverywhere_SaysSo()
    {
        using var scope = NewDisposeScope();
        using var conv = nn.Conv2d(3, 2, 3);
        using var model = nn.Sequential(
            ("conv", conv),
            ("relu", nn.ReLU()),
            ("flat", nn.Flatten()),
            ("linear", nn.Linear(2 * 16, 3))
        );
        using (no_grad())
        {
            conv.bias!.fill_(-1000);
        }

        var map = ClassActivationMaps.GradCam(
            model,
            Images(1).narrow(2, 0, 6).narrow(3, 0, 6).contiguous(),
            new ClassActivationMapsOptions { Layer = "relu" }
        )[0];
        Assert.Contains("Nothing in 'relu' speaks for class", map.Warning, StringComparison.Ordinal);
        Assert.All(map.Values, value => Assert.Equal(0, value));
        Assert.Equal(6, map.ToTile().Width); // still a picture
        using var picture = PictureAssert.Decode(map.Draw());
        PictureAssert.Has(picture, ColorMaps.At(ColorMap.Sequential, 0).ToString());
    }

    private static Tensor Images(int count) => randn([count, 3, 32, 32], generator: new Generator(3));

    private static void AssertClose(IReadOnlyList<float> expected, IReadOnlyList<float> actual)
    {
        float largest = Math.Max(expected.Max(Math.Abs), 1e-12f);
        Assert.Equal(expected.Count, actual.Count);
        Assert.All(expected.Zip(actual), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, Tolerance * largest));
    }
}
