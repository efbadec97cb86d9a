using VisionSeqModels.Visualization;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Visualization;

[Collection("Torch")]
public sealed class PlaneMaximaTests
{
    [Theory]
    [InlineData(1, 1, 1, 1)]
    [InlineData(3, 6, 28, 28)]
    [InlineData(5, 16, 10, 10)]
    [InlineData(7, 2, 3, 5)]
    public void ValuesAndPlaces_AreLibtorchs(int batch, int maps, int height, int width)
    {
        using var scope = NewDisposeScope();
        var values = randn([batch, maps, height, width], generator: new Generator(1));
        var (expected, places) = values.flatten(2).max(2);
        var maxima = PlaneMaxima.Of(values)!;
        Assert.Equal(expected.data<float>().ToArray(), maxima.Values);
        Assert.Equal(places.data<long>().ToArray(), Enumerable.Range(0, batch * maps).Select(i => (long)maxima.PlaceOf(i)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(17)]
    [InlineData(99)] // beyond the last whole vector
    public void NotANumber_MakesItsMapNotANumber(int place)
    {
        using var scope = NewDisposeScope();
        var values = zeros(1, 3, 10, 10);
        values.view(3, 100)[1, place] = float.NaN;
        Assert.Equal([0, float.NaN, 0], PlaneMaxima.Of(values)!.Values);
    }

    [Fact]
    public void EqualOnes_TheFirst_AlsoOfInfinities()
    {
        using var scope = NewDisposeScope();
        var values = full([1, 2, 9, 9], float.NegativeInfinity);
        values.view(2, 81)[1, 40] = 3;
        values.view(2, 81)[1, 80] = 3;
        var maxima = PlaneMaxima.Of(values)!;
        Assert.Equal([float.NegativeInfinity, 3], maxima.Values);
        Assert.Equal([0, 40], new[] { maxima.PlaceOf(0), maxima.PlaceOf(1) });
    }

    [Fact]
    public void OtherTensors_AreLeftToLibtorch()
    {
        using var scope = NewDisposeScope();
        Assert.Null(PlaneMaxima.Of(zeros(2, 2, 2, 2, dtype: float64)));
        Assert.Null(PlaneMaxima.Of(zeros(2, 2)));
        Assert.Null(PlaneMaxima.Of(zeros(0, 2, 2, 2)));
        Assert.Null(PlaneMaxima.Of(zeros(2, 2, 4, 3).transpose(2, 3)));
    }
}
