using System.Text.Json;

namespace VisionSeqModels.Tests;

/// <summary>A first look at a sample shows a model that has learned something: <c>--quick</c> on synthetic images ends with a
/// test accuracy of at least 0.6, where chance is 0.1.</summary>
[Collection(QuickRuns.Collection)]
public sealed class QuickAccuracyTests(QuickRuns runs)
{
    private const double Least = 0.6;

    /// <summary>Where each sample's results are; of several folders below, a study's trials, the best counts.</summary>
    private static readonly Dictionary<string, string[]> Results = new()
    {
        ["QuickStart"] = [""],
        ["Part1b.Cifar10Study"] = [""],
        ["Part1c.Cifar10LeNet"] = [""],
        ["Part2.Deconvnet"] = [""],
        ["Part3a.MnistRnn"] = [""],
        ["Part3b.MnistLstmGru"] = ["lstm", "gru"],
        ["Part3c.CnnVersusRnn"] = ["plain/lenet", "plain/rnn", "plain/lstm", "plain/gru"],
        ["CustomCallback"] = [""],
        ["BringYourOwn"] = [""],
        ["ResumeTraining"] = [""],
        ["OwnImages"] = [""],
        ["OwnSequences"] = ["gestures"],
    };

    /// <summary>Serve trains nothing; the homework has its own test.</summary>
    public static TheoryData<string> Samples => [.. Sample.All.Except(["Serve", "Homework"])];

    [Theory]
    [MemberData(nameof(Samples))]
    public void QuickRun_EndsWithATestAccuracyOfAtLeastSixTenths(string sample)
    {
        string folder = runs.Of(sample);
        Assert.All(Results[sample], part => AssertLearned(Path.Combine(folder, part)));
    }

    /// <summary>The best of the runs in a folder.</summary>
    internal static void AssertLearned(string folder)
    {
        double best = Directory
            .GetFiles(folder, "run.json", SearchOption.AllDirectories)
            .Select(FinalAccuracy)
            .DefaultIfEmpty(double.NaN)
            .Max();
        Assert.True(best >= Least, $"The test accuracy is {best} in {folder}.");
    }

    private static double FinalAccuracy(string path)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(path));
        return json.RootElement.GetProperty("final").GetProperty("test_accuracy").GetDouble();
    }
}
