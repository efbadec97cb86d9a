using VisionSeqModels.Samples.Serve;

namespace VisionSeqModels.Tests.Inference;

/// <summary>What an ONNX file may say of itself, and what becomes of it.</summary>
public sealed class ServedMetadataTests
{
    private static readonly float[] Scores = [0, 1, -1];

    [Fact]
    public void WithoutEntries_OutputsAreWhatTheyAre_AndHaveNumbers()
    {
        var metadata = Read(3);
        Assert.Equal(["0", "1", "2"], metadata.Classes);
        Assert.Equal((null, null, null), (metadata.Activation, metadata.Resize, metadata.Background));
    }

    [Theory]
    [InlineData("scores", null, new[] { 0.24473, 0.66524, 0.09003 })]
    [InlineData("scores", "classes", new[] { 0.24473, 0.66524, 0.09003 })]
    [InlineData("scores", "labels", new[] { 0.5, 0.73106, 0.26894 })]
    [InlineData("scores", "values", null)]
    [InlineData("probabilities", "classes", null)]
    [InlineData("probabilities", "labels", null)]
    [InlineData("values", "values", null)]
    public void Probabilities_AreMadeOfScoresAlone(string output, string? targets, double[]? expected)
    {
        var metadata = targets is null ? Read(3, ("output", output)) : Read(3, ("output", output), ("targets", targets));
        Assert.Equal(expected, metadata.Activation?.Invoke(Scores).Select(one => Math.Round(one, 5)));
    }

    [Fact]
    public void OneScoreOfClasses_IsNoCertainty()
    {
        Assert.Null(Read(1, ("output", "scores")).Activation);
        Assert.NotNull(Read(1, ("output", "scores"), ("targets", "labels")).Activation);
    }

    [Theory]
    [InlineData("shorter_side", ImageResize.ShorterSide)]
    [InlineData("stretch", ImageResize.Stretch)]
    [InlineData("letterbox", ImageResize.Letterbox)]
    public void Pictures_BecomeImagesAsTheFileSays(string resize, ImageResize expected)
    {
        var metadata = Read(1, ("resize", resize), ("background", "#00fF80"), ("class_names", """["a"]"""));
        Assert.Equal((expected, "#00fF80", "a"), (metadata.Resize, metadata.Background, Assert.Single(metadata.Classes)));
    }

    [Theory]
    [InlineData("class_names", "[\"a\"", "a JSON list of 2 names")]
    [InlineData("class_names", "[\"a\"]", "a JSON list of 2 names")]
    [InlineData("class_names", "[\"a\",null]", "a JSON list of 2 names")]
    [InlineData("class_names", "[\"a\",1]", "a JSON list of 2 names")]
    [InlineData("class_names", "null", "a JSON list of 2 names")]
    [InlineData("output", "logits", "one of probabilities, scores, values")]
    [InlineData("targets", "", "one of classes, labels, values")]
    [InlineData("resize", "", "one of shorter_side, stretch, letterbox")]
    [InlineData("background", "white", "a colour such as #ffffff")]
    [InlineData("background", "#12345g", "a colour such as #ffffff")]
    public void OddEntry_IsRefused_WithWhatItMustBe(string key, string value, string expected) =>
        Assert.Equal(
            $"The entry {key} of 'm.onnx' must be {expected}, but is '{value}'. Export it again with SaveOnnx(path, data).",
            Assert.Throws<InvalidDataException>(() => Read(2, (key, value))).Message
        );

    private static ServedMetadata Read(int outputs, params (string Key, string Value)[] entries) =>
        ServedMetadata.Read("m.onnx", entries.ToDictionary(one => one.Key, one => one.Value), outputs);
}
