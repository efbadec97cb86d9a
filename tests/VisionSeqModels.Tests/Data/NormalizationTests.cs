using VisionSeqModels.Data;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Data;

[Collection("Torch")]
public sealed class NormalizationTests
{
    [Fact]
    public void Numbers_AreAFactorAndASummandOfEachChannel()
    {
        var (scale, offset) = new ImageNormalization { Mean = [0.5, 0.2], StandardDeviation = [0.25, 2] }.Numbers();
        Assert.Equal([(float)(1 / (255 * 0.25)), (float)(1 / 510.0)], scale);
        Assert.Equal([-2f, -0.1f], offset);
        var (factor, summand) = ImageNormalization.Centered(3).Tensors(CPU);
        Assert.Equal([1, 3, 1, 1], factor.shape);
        Assert.Equal([1, 3, 1, 1], summand.shape);
        Assert.All(factor.data<float>().ToArray(), one => Assert.Equal((float)(1 / 127.5), one));
        Assert.All(summand.data<float>().ToArray(), one => Assert.Equal(-1, one));
        factor.Dispose();
        summand.Dispose();
    }

    [Fact]
    public void MeansAndDeviations_OfTheKnownSets_AreThePublishedOnes()
    {
        Assert.Equal([0.4914, 0.4822, 0.4465], ImageNormalization.Cifar10.Mean);
        Assert.Equal([0.2470, 0.2435, 0.2616], ImageNormalization.Cifar10.StandardDeviation);
        Assert.Equal((0.1307, 0.3081), (ImageNormalization.Mnist.Mean[0], ImageNormalization.Mnist.StandardDeviation[0]));
        var fashion = ImageNormalization.FashionMnist;
        Assert.Equal((0.2860, 0.3530), (fashion.Mean.Single(), fashion.StandardDeviation.Single()));
    }

    public static TheoryData<double[], double[], int> Bad =>
        new()
        {
            { [0], [1, 1], 1 },
            { [0, 0, 0], [1, 1], 1 },
            { [0, double.NaN], [1, 1], 1 },
            { [double.PositiveInfinity, 0], [1, 1], 1 },
            { [0, 0], [1], 1 },
            { [0, 0], [1, 1, 1], 1 },
            { [0, 0], [1, 0], 1 },
            { [0, 0], [-1, 1], 1 },
            { [0, 0], [double.PositiveInfinity, 1], 1 },
            { [0, 0], [1, double.NaN], 1 },
            { [0], [0, 1], 2 },
            { [0, -5], [1e-300, 1e300], 0 },
        };

    [Theory]
    [MemberData(nameof(Bad))]
    public void Faults_AreOneForEachList(double[] mean, double[] deviation, int faults)
    {
        Assert.Equal(
            faults,
            new ImageNormalization { Mean = mean, StandardDeviation = deviation }
                .Faults(2)
                .Count
        );
        Assert.Equal(
            faults,
            new FeatureNormalization { Mean = mean, StandardDeviation = deviation }
                .Faults(2)
                .Count
        );
    }

    [Fact]
    public void NoLists_AreFaults()
    {
        Assert.Equal(
            2,
            new ImageNormalization { Mean = null!, StandardDeviation = null! }
                .Faults(2)
                .Count
        );
        Assert.Equal(
            2,
            new FeatureNormalization { Mean = null!, StandardDeviation = null! }
                .Faults(2)
                .Count
        );
    }

    [Fact]
    public void Features_AreScaledByTheirOwnNumbers()
    {
        float[] scaled = new float[4];
        FeatureScale.Apply([1, 2, 3, 4], scaled, null);
        Assert.Equal([1, 2, 3, 4], scaled);
        FeatureScale.Apply([1, 2, 3, 4], scaled, new FeatureNormalization { Mean = [1, -2], StandardDeviation = [2, 4] });
        Assert.Equal([0, 1, 1, 1.5f], scaled);
    }

    [Fact]
    public void Moments_AreThoseOfTheValuesThatAreThere()
    {
        var moments = FeatureMoments.Of(
            [new float[] { 1, 5, float.NaN, 2 }, new float[] { float.NaN, 5, float.NaN, 4, 4, 5, float.NaN, 9 }],
            4
        );
        Assert.Equal([2], moments.Empty);
        Assert.Equal([2.5, 5, 0, 5], moments.Normalization.Mean);
        Assert.Equal([1.5, 1, 1, Math.Sqrt(26.0 / 3)], moments.Normalization.StandardDeviation);
        Assert.Equal([2.5, 5, 0, 5], Enumerable.Range(0, 4).Select(moments.Mean));
    }

    [Fact]
    public void Deviation_OfValuesThatNeverChange_IsOne()
    {
        var moments = FeatureMoments.Of([new[] { 0, float.Epsilon, 7f, 7f }], 1);
        Assert.Equal(3.5, moments.Mean(0), 1e-6);
        Assert.Equal(3.5, moments.Normalization.StandardDeviation.Single(), 1e-6);
        Assert.Equal(1, FeatureMoments.Of([new[] { 0.1f, 0.1f, 0.1f }], 1).Normalization.StandardDeviation.Single());
    }
}
