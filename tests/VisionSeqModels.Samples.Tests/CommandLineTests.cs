namespace VisionSeqModels.Tests;

public sealed class CommandLineTests
{
    public static TheoryData<string> Samples => [.. Sample.All];

    [Theory]
    [MemberData(nameof(Samples))]
    public void Help_ListsTheSharedFlags(string sample)
    {
        using var folder = new TempFolder();
        var result = Sample.Run(sample, folder, "--help");

        result.AssertDone();
        Assert.All(
            ["--data", "--data-dir", "--epochs", "--batch-size", "--lr", "--optimizer", "--momentum", "--seed", "--train-limit", "--test-limit",
                "--device", "--threads", "--out", "--quick", "--verbose"],
            flag => Assert.Contains(flag, result.Output, StringComparison.Ordinal));
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
}
