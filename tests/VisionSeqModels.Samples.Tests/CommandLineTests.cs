using System.Text.Json;
using System.Text.RegularExpressions;

namespace VisionSeqModels.Tests;

public sealed partial class CommandLineTests
{
    /// <summary>Serve trains nothing: it has flags of its own.</summary>
    private const string Serve = "Serve";

    public static TheoryData<string> Samples => [.. Sample.All.Except([Serve])];

    [Theory]
    [MemberData(nameof(Samples))]
    public void Help_ListsTheSharedFlags(string sample)
    {
        using var folder = new TempFolder();
        var result = Sample.Run(sample, folder, "--help");

        result.AssertDone();
        Assert.All(
            [
                "--data",
                "--data-dir",
                "--epochs",
                "--batch-size",
                "--lr",
                "--seed",
                "--train-limit",
                "--test-limit",
                "--device",
                "--threads",
                "--out",
                "--resume",
                "--quick",
                "--verbose",
            ],
            flag => Assert.Contains(flag, result.Output, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Serve_NamesItsFlags_AndSaysWhatIsWrong()
    {
        using var folder = new TempFolder();
        var help = Sample.Run(Serve, folder, "--help");
        help.AssertDone();
        Assert.All(
            ["--model", "--url", "--max-bytes", "--max-pixels", "--concurrency", "--queue", "--resize", "--background"],
            flag => Assert.Contains(flag, help.Output, StringComparison.Ordinal)
        );
        Sample
            .Run(Serve, folder, "--model", "m.onnx", "--queue", "none")
            .AssertFailed(2, $"--queue must be a whole number from 1 to {int.MaxValue}, but is 'none'. See --help.");
        Sample
            .Run(Serve, folder, "--model", "none.onnx")
            .AssertFailed(1, "The model 'none.onnx' is not there. Write it with SaveOnnx(path, data).");
    }

    /// <summary>Numbers with a point, in and out, also where people write 1,5; and a run folder named as people there name
    /// it.</summary>
    [Fact]
    public void GermanSystem_ReadsAndWritesTheSameNumbers()
    {
        using var folder = new TempFolder();
        string run = folder["Übung 1 – größer"];

        var result = Sample.RunIn(
            "de_DE.UTF-8",
            "QuickStart",
            folder,
            "--data",
            "synthetic",
            "--quick",
            "--train-limit",
            "200",
            "--test-limit",
            "50",
            "--lr",
            "0.002",
            "--out",
            run
        );

        result.AssertDone();
        Assert.DoesNotMatch(DecimalComma(), result.Output);
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(run, "run.json")));
        Assert.Equal(
            0.002,
            json.RootElement.GetProperty("trainer").GetProperty("optimizer").GetProperty("learning_rate").GetDouble()
        );
        string[] rows = File.ReadAllLines(Path.Combine(run, "metrics.csv"));
        Assert.All(rows, row => Assert.Equal(8, row.Split(',').Length));
        Sample
            .RunIn("de_DE.UTF-8", "QuickStart", folder, "--lr", "0,002")
            .AssertFailed(2, "--lr must be a finite number above 0, but is '0,002'.");
    }

    [Theory]
    [InlineData("--batch-size must be a whole number from 1 to 2147483647, but is '0'.", "--batch-size", "0")]
    [InlineData("--epochs must be a whole number from 1 to 2147483647, but is '2.5'.", "--epochs", "2.5")]
    [InlineData("--lr must be a finite number above 0, but is 'NaN'.", "--lr", "NaN")]
    [InlineData("--lr must be a finite number above 0, but is '-1'.", "--lr", "-1")]
    [InlineData("--lr must be a finite number above 0, but is '0,1'.", "--lr", "0,1")]
    [InlineData("--momentum must be at least 0 and below 1, but is '1'.", "--momentum", "1")]
    [InlineData("--optimizer must be one of adam, sgd, but is 'adagrad'.", "--optimizer", "adagrad")]
    [InlineData("--data must be one of auto, cifar10, mnist, fashion-mnist, synthetic, but is 'cifar100'.", "--data", "cifar100")]
    [InlineData("--device must be one of auto, cpu, cuda, but is 'tpu'.", "--device", "tpu")]
    [InlineData("--seed must be a whole number from 0", "--seed", "-1")]
    [InlineData("--fc1 must be a whole number from 1", "--fc1", "0")]
    [InlineData("--learning-rate", "--learning-rate", "0.1")]
    [InlineData("--epochs", "--epochs")]
    public void BadArgument_IsOneSentenceAndExitCode2_AndNothingIsWritten(string expected, params string[] arguments)
    {
        using var folder = new TempFolder();
        Sample.Run("Part1c.Cifar10LeNet", folder, arguments).AssertFailed(2, expected);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Root));
    }

    [GeneratedRegex(@"\d,\d{1,2}\b")]
    private static partial Regex DecimalComma();
}
