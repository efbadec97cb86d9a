using VisionSeqModels.Data;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Data;

[Collection("Torch")]
public sealed class TargetValuesTests
{
    [Fact]
    public void TargetsFromZeroToOne_AreTaken()
    {
        using var scope = NewDisposeScope();
        TargetValues.CheckUnit("x", tensor(new[] { 0f, 1, 0.5f }));
        TargetValues.CheckUnit("x", tensor(new[] { 0.0, 1, 0.5 }));
        TargetValues.CheckUnit("x", tensor(new long[] { 0, 1 }));
        TargetValues.CheckUnit("x", tensor(new[] { true, false }));
        TargetValues.CheckUnit("x", rand(3, 4).t());
        TargetValues.CheckUnit("x", zeros(0));
    }

    [Theory]
    [InlineData(-0.25, "-0.25")]
    [InlineData(1.25, "1.25")]
    [InlineData(double.NaN, "NaN")]
    public void TargetOutside_IsNamedWithItsPlace(double value, string text)
    {
        using var scope = NewDisposeScope();
        var floats = tensor(new[] { 0, 1, 0.5f, (float)value }).reshape(2, 2);
        foreach (var targets in new[] { floats, floats.to(ScalarType.Float64) })
        {
            AssertRefused(3, targets);
        }

        AssertRefused(3, floats.t());
        AssertRefused(0, floats.flip(0, 1));

        void AssertRefused(int place, Tensor targets) =>
            Assert.Equal(
                $"Loss expects targets from 0 to 1, but element {place} of the batch's targets is {text}. Scale the targets, or "
                    + "use Losses.CrossEntropy for class labels.",
                Assert.Throws<TargetRangeException>(() => TargetValues.CheckUnit("Loss", targets)).Message
            );
    }

    [Fact]
    public void LabelsOfClasses_AreTaken_AndIgnoredOnes()
    {
        using var scope = NewDisposeScope();
        foreach (var dtype in new[] { ScalarType.Int64, ScalarType.Int32 })
        {
            TargetValues.CheckLabels("x", tensor(new long[] { 0, 2, 1 }).to(dtype), 3, null);
            TargetValues.CheckLabels("x", tensor(new long[] { 0, -100, 2 }).to(dtype), 3, -100);
            TargetValues.CheckLabels("x", tensor(new long[] { 3, 0 }).to(dtype), 3, 3);
            Assert.Null(TargetValues.LabelOutside("x", tensor(new long[] { 2, 0 }).to(dtype), 3, null));
        }
    }

    [Theory]
    [InlineData(3, null)]
    [InlineData(-1, null)]
    [InlineData(3, -1L)]
    [InlineData(-1, 3L)]
    public void LabelThatIsNoClass_IsNamedWithItsPlace(long label, long? ignored)
    {
        using var scope = NewDisposeScope();
        var labels = tensor(new[] { 0, 2, label, 1 });
        string message =
            $"Loss expects labels from 0 to 2, but the label at index 2 of the batch is {label}. Correct it, or raise the number "
            + $"of classes; losses and metrics leave such samples out with ignoreIndex: {label}.";
        Tensor[] same = [labels, labels.to(ScalarType.Int32), stack([labels, labels], 1).select(1, 0)];
        Assert.All(
            same,
            one =>
                Assert.Equal(
                    message,
                    Assert.Throws<TargetRangeException>(() => TargetValues.CheckLabels("Loss", one, 3, ignored)).Message
                )
        );
        Assert.Equal(message, TargetValues.LabelOutside("Loss", labels, 3, ignored)!.Message);
    }
}
