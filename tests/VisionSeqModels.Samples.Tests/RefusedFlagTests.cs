namespace VisionSeqModels.Tests;

/// <summary>No flag is ignored: what a sample has no use for, alone or beside others, is one sentence and exit code 2, before
/// anything is loaded or written.</summary>
public sealed class RefusedFlagTests
{
    private const string NeedsSgd = "--momentum is SGD's, but the optimizer is adam. Give --optimizer sgd too.";

    [Theory]
    [InlineData("BringYourOwn", "--optimizer is not used by this sample.", "--optimizer", "sgd")]
    [InlineData("BringYourOwn", "--momentum is not used by this sample.", "--momentum=0.5")]
    [InlineData("Homework", "--optimizer is not used by this sample.", "--optimizer", "sgd")]
    [InlineData("QuickStart", NeedsSgd, "--momentum", "0.5")]
    [InlineData("Part1c.Cifar10LeNet", NeedsSgd, "--momentum", "0.5")]
    [InlineData("Part3b.MnistLstmGru", NeedsSgd, "--study", "--momentum", "0.5")]
    [InlineData("Part3a.MnistRnn", NeedsSgd, "--optimizer", "adam", "--momentum", "0.5")]
    [InlineData("Part3a.MnistRnn", "--seeds is for the study. Give --study too.", "--seeds", "3")]
    [InlineData("Part3b.MnistLstmGru", "--parallel is for the study. Give --study too.", "--parallel", "2")]
    [InlineData("Part3b.MnistLstmGru", "--workers is for the study. Give --study too.", "--workers", "2")]
    [InlineData(
        "Part2.Deconvnet",
        "--epochs is for training, but --weights loads a trained model.",
        "--weights",
        "a.safetensors",
        "--epochs",
        "3"
    )]
    [InlineData("OwnImages", "--data must be one of auto, synthetic, but is 'cifar10'.", "--data", "cifar10")]
    [InlineData("OwnSequences", "--data must be one of auto, synthetic, but is 'mnist'.", "--data", "mnist")]
    [InlineData("Part1c.Cifar10LeNet", "'--hidden-size'", "--hidden-size", "3")]
    [InlineData(
        "CustomCallback",
        "--data-dir is not used with --data synthetic.",
        "--data",
        "synthetic",
        "--data-dir",
        "somewhere"
    )]
    [InlineData("Part1b.Cifar10Study", "--ledger must be a folder, or postgres://", "--ledger", "mysql://db/x")]
    [InlineData("Part1b.Cifar10Study", "--ledger holds no password", "--ledger", "postgres://me:secret@db/x")]
    [InlineData("Part3c.CnnVersusRnn", "--resume needs --out DIR, the folder to continue in.", "--resume")]
    public void FlagWithoutAUse_IsRefused(string sample, string expected, params string[] arguments)
    {
        using var folder = new TempFolder();
        Sample.Run(sample, folder, arguments).AssertFailed(2, expected, "See --help.");
        Assert.Empty(Directory.GetFileSystemEntries(folder.Root));
    }

    /// <summary>Before the data is looked for: it is not there.</summary>
    [Theory]
    [MemberData(nameof(Trainers))]
    public void FolderThatIsTaken_IsNoticedBeforeDataIsLoaded(string sample)
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["run/part"]);
        File.WriteAllText(folder["run/part/run.json"], "{}");
        Sample
            .Run(sample, folder, "--data-dir", folder["nowhere"], "--out", folder["run"])
            .AssertFailed(1, "already holds a run. Continue it with --resume, or give another --out.");
    }

    [Theory]
    [MemberData(nameof(Trainers))]
    public void ResumeOfNothing_SaysSo(string sample)
    {
        using var folder = new TempFolder();
        Sample
            .Run(sample, folder, "--data-dir", folder["nowhere"], "--out", folder["run"], "--resume")
            .AssertFailed(1, "holds no run to resume. Leave --resume out, or give the --out of one that was begun.");
    }

    /// <summary>All but those that continue by themselves.</summary>
    public static TheoryData<string> Trainers =>
        [.. Sample.All.Except(["Serve", "Homework", "Part1b.Cifar10Study", "ResumeTraining"])];
}
