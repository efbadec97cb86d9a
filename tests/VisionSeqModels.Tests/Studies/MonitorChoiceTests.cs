using VisionSeqModels.Studies;
using VisionSeqModels.Training;
using static VisionSeqModels.Tests.Studies.MadeUpTrials;

namespace VisionSeqModels.Tests.Studies;

/// <summary>Which metric a study compares by, from what its trials measure.</summary>
public sealed class MonitorChoiceTests
{
    private static readonly StudyOptions Plain = new();

    [Fact]
    public void Accuracy_OnTheDataThatIsHeldOut_IsCompared()
    {
        Assert.Equal(new StudyMonitor("test_accuracy", true), StudyMonitor.Of(Plain, Of([new Accuracy()], true, true), "test"));
        Assert.Equal(new StudyMonitor("val_accuracy", true), StudyMonitor.Of(Plain, Of([new Accuracy()], true, true), "val"));
        Assert.Equal(new StudyMonitor("val_accuracy", true), StudyMonitor.Of(Plain, Of([new Accuracy()], true, false), "test"));
        Assert.Equal(
            new StudyMonitor("train_accuracy", true),
            StudyMonitor.Of(Plain, Of([new Accuracy()], false, false), "test")
        );
        Assert.Equal(new StudyMonitor("test_loss", false), StudyMonitor.Of(Plain, Of([], true, true), "test"));
    }

    [Fact]
    public void WithoutKnowledge_TheNameDecides()
    {
        Assert.Equal(new StudyMonitor("test_accuracy", true), StudyMonitor.Of(Plain, null, "test"));
        Assert.Equal(new StudyMonitor("val_loss", false), StudyMonitor.Of(Plain with { Monitor = "val_loss" }, null, "test"));
        Assert.Equal(new StudyMonitor("my", true), StudyMonitor.Of(Plain with { Monitor = "my" }, null, "test"));
    }

    [Fact]
    public void Options_AreAskedFirst()
    {
        var metrics = Of([new Accuracy()], true, true);
        var turned = Plain with { Monitor = "val_accuracy", HigherIsBetter = false };
        Assert.Equal(new StudyMonitor("val_accuracy", false), StudyMonitor.Of(turned, metrics, "test"));
        Assert.Equal(
            new StudyMonitor("train_loss", false),
            StudyMonitor.Of(Plain with { Monitor = "train_loss" }, metrics, "test")
        );
        Assert.Throws<InvalidOptionsException>(() => StudyMonitor.Of(Plain with { Monitor = "other" }, metrics, "test"));
        Assert.Throws<InvalidOptionsException>(() => StudyMonitor.Check("other", metrics));
        StudyMonitor.Check("other", null);
        StudyMonitor.Check("val_loss", metrics);
    }

    [Fact]
    public void MetricItself_SaysWhatIsBetter() =>
        Assert.Equal(
            new StudyMonitor("test_mean_absolute_error", false),
            StudyMonitor.Of(
                Plain with
                {
                    Monitor = "test_mean_absolute_error",
                },
                Of([new MeanAbsoluteError()], true, true),
                "test"
            )
        );

    [Fact]
    public void StudyThatWasBegun_KeepsItsOwn()
    {
        var before = TheStudy with { Monitor = "val_loss", HigherIsBetter = false };
        Assert.Equal(new StudyMonitor("val_loss", false), StudyMonitor.Of(Plain, before));
        Assert.Equal(new StudyMonitor("x", true), StudyMonitor.Of(Plain with { Monitor = "x", HigherIsBetter = true }, before));
    }

    private static MetricCatalog Of(Metric[] metrics, bool hasValidation, bool hasTest) =>
        new(metrics, hasValidation, hasTest, []);
}
