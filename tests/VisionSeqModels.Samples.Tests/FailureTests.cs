namespace VisionSeqModels.Tests;

/// <summary>What a user can do wrong with files and folders.</summary>
public sealed class FailureTests
{
    private const int BatchFileSize = 10_000 * 3073;

    [Fact]
    public void MissingFolder_SaysWhatWasLookedForAndWhere()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["a-file"], "");
        var result = Train(folder, "--data-dir", folder["a-file/nowhere"]);

        result.AssertFailed(1, "CIFAR-10", folder["a-file/nowhere"]);
        AssertNoRun(folder);
    }

    [Fact]
    public void TruncatedBatchFile_NamesTheFileAndBothSizes()
    {
        using var folder = new TempFolder();
        WriteCifar10(folder, truncated: "data_batch_3.bin");

        Train(folder, "--data-dir", folder.Root).AssertFailed(1, "data_batch_3.bin", "30,729,999", "30,730,000");
        AssertNoRun(folder);
    }

    [Fact]
    public void LabelOutside0To9_NamesTheFileAndTheLabel()
    {
        using var folder = new TempFolder();
        WriteCifar10(folder, badLabel: "test_batch.bin");

        Train(folder, "--data-dir", folder.Root).AssertFailed(1, "test_batch.bin", "11", "0..9");
        AssertNoRun(folder);
    }

    [Fact]
    public void UnwritableOutputFolder_SaysSo()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["a-file"], ""); // below a file no folder can be made, not even by root
        string run = Path.Combine(folder["a-file"], "run");

        Sample
            .Run("Part1c.Cifar10LeNet", folder, "--data", "synthetic", "--quick", "--out", run)
            .AssertFailed(1, "cannot be written to", run);
    }

    [Fact]
    public void FolderThatHoldsARun_IsNotOverwritten()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["run"]);
        File.WriteAllText(folder["run/run.json"], "mine");

        Sample
            .Run("Part1c.Cifar10LeNet", folder, "--data", "synthetic", "--quick", "--out", folder["run"])
            .AssertFailed(1, "already holds a run. Continue it with --resume, or give another --out.");
        Assert.Equal("mine", File.ReadAllText(folder["run/run.json"]));
        Assert.Single(Directory.GetFiles(folder["run"]));
    }

    [Fact]
    public void Verbose_ShowsWhereTheErrorCameFrom()
    {
        using var folder = new TempFolder();
        WriteCifar10(folder, truncated: "data_batch_1.bin");
        var result = Train(folder, "--data-dir", folder.Root, "--verbose");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("   at ", result.Error, StringComparison.Ordinal);
    }

    private static SampleResult Train(TempFolder folder, params string[] arguments) =>
        Sample.Run("Part1c.Cifar10LeNet", folder, ["--data", "cifar10", "--quick", .. arguments]);

    private static void AssertNoRun(TempFolder folder) => Assert.False(Directory.Exists(folder["runs"]));

    /// <summary>Black images of class 0 in the published layout, with one fault.</summary>
    private static void WriteCifar10(TempFolder folder, string? truncated = null, string? badLabel = null)
    {
        File.WriteAllLines(
            folder["batches.meta.txt"],
            ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"]
        );
        foreach (
            string name in (string[])
                [
                    "data_batch_1.bin",
                    "data_batch_2.bin",
                    "data_batch_3.bin",
                    "data_batch_4.bin",
                    "data_batch_5.bin",
                    "test_batch.bin",
                ]
        )
        {
            byte[] bytes = new byte[name == truncated ? BatchFileSize - 1 : BatchFileSize];
            bytes[3073 * 17] = (byte)(name == badLabel ? 11 : 0);
            File.WriteAllBytes(folder[name], bytes);
        }
    }
}
