using System.Security.Cryptography;
using VisionSeqModels.Tests.Docs;

namespace VisionSeqModels.Tests;

/// <summary>What a user does with the package: run it, publish it, and forget the backend.</summary>
[Collection(PackedCollections.Projects)]
public sealed class ConsumerTests(Packed packed) : IDisposable
{
    private readonly TestProjects _projects = new(packed.Library, linked: false);

    /// <summary>TorchSharp itself is used before anything of this library.</summary>
    private const string Program = """
        using TorchSharp;
        using VisionSeqModels;
        torch.manual_seed(1);
        using var data = SyntheticImages.Create(new SyntheticImagesOptions { TrainCount = 100, TestCount = 50 });
        using var model = VisionModels.LeNet(new LeNetOptions { Seed = 1 });
        var history = new Trainer(new TrainerOptions { Epochs = 1, Seed = 1 }).Fit(model, data.Train, data.Test);
        Charts.LearningCurves(history).SavePng("curves.png");
        Console.WriteLine($"trained {history.Steps} steps");
        """;

    public void Dispose() => _projects.Dispose();

    [Fact]
    public void Run_And_PublishBothWays_Train_AndTheCacheStaysAsItWas()
    {
        string before = HashOfCachedLibrary();
        string consumer = _projects.CreateConsumer("consumer", Program);

        Assert.Contains("trained 2 steps", Dotnet.Run(consumer, "run", "-c", "Release"), StringComparison.Ordinal);

        Dotnet.Run(consumer, "publish", "-c", "Release", "-o", _projects.Folder("portable"), "--nologo");
        Assert.Contains("trained 2 steps", Dotnet.Run(_projects.Folder("portable"), "Consumer.dll"), StringComparison.Ordinal);

        Dotnet.Run(
            consumer,
            "publish",
            "-c",
            "Release",
            "-r",
            PackedLibrary.System,
            "--self-contained",
            "-o",
            _projects.Folder("whole"),
            "--nologo"
        );
        var (exitCode, output) = Dotnet.Start(
            Path.Combine(_projects.Folder("whole"), ProgramFile),
            _projects.Folder("whole"),
            []
        );
        Assert.True(exitCode == 0 && output.Contains("trained 2 steps", StringComparison.Ordinal), output);

        Assert.Equal(before, HashOfCachedLibrary());
        Assert.NotEqual(before, Hash(Find(_projects.Folder("portable"), "libLibTorchSharp.so")));
    }

    [Fact]
    public void Build_WithTheFixSwitchedOff_TakesTheFileAsItIs()
    {
        string consumer = _projects.CreateConsumer(
            "unfixed",
            "Console.WriteLine();",
            withLibtorch: false,
            "<VisionSeqModelsFixLibTorchSharp>false</VisionSeqModelsFixLibTorchSharp>"
        );

        Dotnet.Run(consumer, "build", "--nologo");

        Assert.Equal(HashOfCachedLibrary(), Hash(Find(Path.Combine(consumer, "bin"), "libLibTorchSharp.so")));
    }

    [Fact]
    public void Run_WithoutABackend_SaysInOneSentenceWhatToAdd()
    {
        string consumer = _projects.CreateConsumer(
            "bare",
            """
            try
            {
                VisionSeqModels.VisionModels.LeNet();
            }
            catch (VisionSeqModels.Torch.TorchBackendException e)
            {
                Console.WriteLine($"[{e.Message}]");
            }
            """,
            withLibtorch: false
        );
        Dotnet.Run(consumer, "build", "--nologo");

        // Away from the package cache: TorchSharp would find a libtorch there that another project restored.
        string assembly = Find(Path.Combine(consumer, "bin"), "Consumer.dll");
        string elsewhere = _projects.CreateFolder("home");
        var (exitCode, output) = Dotnet.Start(
            "dotnet",
            consumer,
            [assembly],
            environment =>
            {
                environment["HOME"] = environment["USERPROFILE"] = elsewhere;
                environment.Remove("NUGET_PACKAGES");
            }
        );

        Assert.Equal(0, exitCode);
        string line = Assert.Single(output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        Assert.Matches(@"^\[No libtorch was found for \S+: add the package TorchSharp-cpu .*\.\]$", line);
    }

    [Fact]
    public void ProgramOfTheReadme_TrainsAndLeavesItsFiles_ByItselfToo()
    {
        var program = MarkdownPage.All.Single(page => page.Name == "README.md").Blocks.Single(block => block.Program == "quick");
        string consumer = _projects.CreateConsumer("readme", program.Code);

        AssertTrained(Dotnet.Run(consumer, "run", "-c", "Release"), consumer);

        string whole = _projects.Folder("readme-whole");
        Dotnet.Run(consumer, "publish", "-c", "Release", "-r", PackedLibrary.System, "--self-contained", "-o", whole, "--nologo");
        var (exitCode, output) = Dotnet.Start(Path.Combine(whole, ProgramFile), whole, []);
        Assert.True(exitCode == 0, output);
        AssertTrained(output, whole);

        static void AssertTrained(string output, string folder)
        {
            Assert.Contains("epoch 5/5", output, StringComparison.Ordinal);
            Assert.Matches(@"test accuracy 0\.[5-9]", output);
            Assert.True(File.Exists(Path.Combine(folder, "curves.png")));
            Assert.True(File.Exists(Path.Combine(folder, "my-first-run", "run.json")));
        }
    }

    private static string ProgramFile => OperatingSystem.IsWindows() ? "Consumer.exe" : "Consumer";

    private string HashOfCachedLibrary() => Hash(Find(Path.Combine(packed.Library.Cache, "torchsharp"), "libLibTorchSharp.so"));

    private static string Find(string folder, string name) =>
        Directory.GetFiles(folder, name, SearchOption.AllDirectories).First();

    private static string Hash(string path) => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path)));
}
