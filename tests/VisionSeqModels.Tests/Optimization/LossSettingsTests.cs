using System.Collections;
using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Optimization;

/// <summary>What losses are made with: what each says of it, and the values that are refused, at both sides of each
/// bound.</summary>
[Collection("Torch")]
public sealed class LossSettingsTests
{
    private const string NoWeights = "classWeights must be null or finite numbers of at least 0, not all 0, but is ";
    private const string NoPositive = "positiveWeights must be at least one finite number above 0, but is ";

    private static readonly Dictionary<string, (Func<Loss> Make, string Message)> Bad = new()
    {
        ["smoothing of 1"] = (
            () => Losses.CrossEntropy(1),
            "CrossEntropy: labelSmoothing must be at least 0 and below 1, but is 1."
        ),
        ["a weight below 0"] = (() => Losses.CrossEntropy(classWeights: [1, -1]), $"CrossEntropy: {NoWeights}1, -1."),
        ["an infinite weight"] = (
            () => Losses.CrossEntropy(classWeights: [1, double.PositiveInfinity]),
            $"CrossEntropy: {NoWeights}1, Infinity."
        ),
        ["no weight at all"] = (() => Losses.CrossEntropy(classWeights: [0, 0]), $"CrossEntropy: {NoWeights}0, 0."),
        ["focal weights"] = (() => Losses.Focal(classWeights: [double.NaN, 1]), $"Focal: {NoWeights}NaN, 1."),
        ["gamma"] = (() => Losses.Focal(-0.5), "Focal: gamma must be a finite number of at least 0, but is -0.5."),
        ["positive weight"] = (
            () => Losses.BinaryCrossEntropyWithLogits(0),
            "BinaryCrossEntropyWithLogits: positiveWeight must be a finite number above 0, but is 0."
        ),
        ["no positive weights"] = (() => Losses.BinaryCrossEntropyWithLogits([]), $"BinaryCrossEntropyWithLogits: {NoPositive}."),
        ["a positive weight of 0"] = (
            () => Losses.BinaryCrossEntropyWithLogits([1, 0]),
            $"BinaryCrossEntropyWithLogits: {NoPositive}1, 0."
        ),
        ["an infinite positive weight"] = (
            () => Losses.BinaryCrossEntropyWithLogits([double.PositiveInfinity]),
            $"BinaryCrossEntropyWithLogits: {NoPositive}Infinity."
        ),
        ["binary gamma"] = (
            () => Losses.BinaryFocal(double.NaN),
            "BinaryFocal: gamma must be a finite number of at least 0, but is NaN."
        ),
        ["alpha below 0"] = (
            () => Losses.BinaryFocal(alpha: -0.1),
            "BinaryFocal: alpha must be null or from 0 to 1, but is -0.1."
        ),
        ["alpha above 1"] = (() => Losses.BinaryFocal(alpha: 1.1), "BinaryFocal: alpha must be null or from 0 to 1, but is 1.1."),
        ["beta"] = (() => Losses.SmoothL1(-1), "SmoothL1: beta must be a finite number of at least 0, but is -1."),
        ["delta"] = (() => Losses.Huber(0), "Huber: delta must be a finite number above 0, but is 0."),
    };

    private static readonly Dictionary<string, Loss> All = new()
    {
        ["label_smoothing 0, class_weights [0 1], ignore_index -1"] = Losses.CrossEntropy(0, [0, 1], -1),
        ["label_smoothing 0.1, class_weights null, ignore_index null"] = Losses.CrossEntropy(0.1),
        ["positive_weights [3]"] = Losses.BinaryCrossEntropyWithLogits(3),
        ["positive_weights [0.5 3]"] = Losses.BinaryCrossEntropyWithLogits([0.5, 3]),
        ["gamma 0, class_weights [0 2], ignore_index 5"] = Losses.Focal(0, [0, 2], 5),
        ["gamma 2, alpha 0.25"] = Losses.BinaryFocal(),
        ["gamma 0, alpha 0"] = Losses.BinaryFocal(0, 0),
        ["gamma 1, alpha 1"] = Losses.BinaryFocal(1, 1),
        ["gamma 1, alpha null"] = Losses.BinaryFocal(1, null),
        ["beta 0"] = Losses.SmoothL1(0),
        ["delta 0.5"] = Losses.Huber(0.5),
        [""] = Losses.MeanSquaredError(),
    };

    public static TheoryData<string> BadNames => [.. Bad.Keys];

    public static TheoryData<string> OptionTexts => [.. All.Keys];

    [Theory]
    [MemberData(nameof(BadNames))]
    public void ValueOutOfRange_IsRefused(string name) =>
        Assert.Equal(Bad[name].Message, Assert.Throws<InvalidOptionsException>(Bad[name].Make).Message);

    [Theory]
    [MemberData(nameof(OptionTexts))]
    public void Options_AreWhatTheLossWasMadeWith(string expected) =>
        Assert.Equal(expected, string.Join(", ", All[expected].Options.Select(option => $"{option.Key} {Text(option.Value)}")));

    [Theory]
    [MemberData(nameof(OptionTexts))]
    public void MissingTensors_AreRefusedByName(string name)
    {
        using var scope = NewDisposeScope();
        var loss = All[name];
        Assert.Throws<ArgumentNullException>("outputs", () => loss.Compute(null!, zeros(2)));
        Assert.Throws<ArgumentNullException>("targets", () => loss.Compute(zeros(2), null!));
        Assert.Throws<ArgumentNullException>("targets", () => loss.TotalWeight(null!));
    }

    [Fact]
    public void MissingArguments_AreRefusedByName()
    {
        Assert.Throws<ArgumentNullException>("positiveWeights", () => Losses.BinaryCrossEntropyWithLogits(null!));
        Assert.Throws<ArgumentNullException>("compute", () => Losses.From("own", null!));
        Assert.Throws<ArgumentNullException>("name", () => Losses.From(null!, (outputs, _) => outputs));
        Assert.Throws<ArgumentException>("name", () => Losses.From(" ", (outputs, _) => outputs));
    }

    [Fact]
    public void LossFromAFunction_IsTheFunction()
    {
        using var scope = NewDisposeScope();
        var loss = Losses.From("difference", (outputs, targets) => (outputs - targets).sum());
        Assert.Equal("difference", loss.ToString());
        Assert.Empty(loss.Options);
        Assert.Equal(3, loss.Compute(tensor(5f), tensor(2f)).ToDouble());
    }

    private static string Text(object? value) =>
        value switch
        {
            null => "null",
            IEnumerable list => $"[{string.Join(' ', list.Cast<object?>().Select(Text))}]",
            _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };
}
