using System.Text.Json;

namespace VisionSeqModels.Tests;

[Collection(QuickRuns.Collection)]
public sealed class RunTests(QuickRuns runs)
{
    private static readonly string[] RunFiles =
    [
        "activations.json",
        "activations.png",
        "checkpoints/best.safetensors",
        "checkpoints/last.safetensors",
        "checkpoints/last.state.safetensors",
        "checkpoints/previous.state.safetensors",
        "confident_errors.png",
        "confusion.png",
        "conv1_weights.png",
        "curves.png",
        "events.jsonl",
        "metrics.csv",
        "report.html",
        "run.json",
    ];

    [Theory]
    [InlineData("QuickStart")]
    [InlineData("Part1c.Cifar10LeNet")]
    public void Quick_LeavesEveryFileOfTheRunFolder(string sample)
    {
        string folder = runs.Of(sample);
        AssertRunFolder(folder);
        Assert.Equal("synthetic", Json(folder).RootElement.GetProperty("source").GetString());
        Assert.Contains(folder, runs.ResultOf(sample).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void MnistRnn_LeavesItsViewsInTheRunFolder()
    {
        string folder = runs.Of("Part3a.MnistRnn");
        AssertHas(
            folder,
            "run.json",
            "metrics.csv",
            "curves.png",
            "checkpoints/best.safetensors",
            "hidden_states.png",
            "hidden_states.json",
            "confusion.png",
            "mistakes.json",
            "prefix_accuracy.png",
            "gradient_flow.png"
        );
        Assert.False(File.Exists(Path.Combine(folder, "gates.png")));
        using var json = Json(folder);
        var model = json.RootElement.GetProperty("model").GetProperty("options");
        Assert.Equal((128, 28), (model.GetProperty("hidden_size").GetInt32(), model.GetProperty("input_size").GetInt32()));
        Assert.Equal("SGD", json.RootElement.GetProperty("trainer").GetProperty("optimizer").GetProperty("name").GetString());
    }

    [Fact]
    public void MnistLstmGru_LeavesARunFolderForEach()
    {
        string folder = runs.Of("Part3b.MnistLstmGru");
        AssertHas(folder, "curves.png", "prefix_accuracy.png", "gradient_flow.png");
        AssertHas(Path.Combine(folder, "lstm"), "run.json", "metrics.csv", "gates.png", "hidden_states.png");
        AssertHas(Path.Combine(folder, "gru"), "run.json", "metrics.csv", "gates.png", "hidden_states.png");
    }

    [Theory]
    [InlineData("Part3a.MnistRnn", "")]
    [InlineData("Part3b.MnistLstmGru", "gru")]
    public void HiddenSize_ReachesTheModel(string sample, string part)
    {
        using var folder = new TempFolder();
        string[] small = ["--data", "synthetic", "--epochs", "1", "--train-limit", "64", "--test-limit", "32"];
        Sample.Run(sample, folder, [.. small, "--hidden-size", "16", "--out", folder["run"]]).AssertDone();
        using var json = Json(Path.Combine(folder["run"], part));
        var options = json.RootElement.GetProperty("model").GetProperty("options");
        Assert.Equal(16, options.GetProperty("hidden_size").GetInt32());
    }

    [Fact]
    public void CnnVersusRnn_WritesOneReportAndItsNumbers()
    {
        string folder = runs.Of("Part3c.CnnVersusRnn");
        AssertHas(
            folder,
            "report.html",
            "models.csv",
            "errors_by_class.csv",
            "shifts.csv",
            "shifts.png",
            "permuted_rows.csv",
            "pixel_by_pixel.csv",
            "curves.png",
            "plain/lenet/run.json",
            "few-pixels/gru/run.json"
        );
        Assert.Equal(5, File.ReadAllLines(Path.Combine(folder, "models.csv")).Length);
        string page = File.ReadAllText(Path.Combine(folder, "report.html"));
        Assert.DoesNotContain("://", page, StringComparison.Ordinal); // it needs nothing from outside
        Assert.Equal(2, page.Split("<img ").Length - 1);
        Assert.Equal(5, page.Split("<table>").Length - 1);
    }

    [Fact]
    public void Study_ComparesOneFactorAtATime_AndDoesNothingTwice()
    {
        const string Name = "Part1b.Cifar10Study";
        string folder = runs.Of(Name);
        AssertHas(
            folder,
            "study.json",
            "report.html",
            "report.md",
            "test_accuracy.png",
            "001_base_seed1/run.json",
            "005_fc1_units_1024_seed1/run.json"
        );
        Assert.Equal(
            5,
            File.ReadLines(Path.Combine(folder, "report.md"))
                .Count(line => line.EndsWith("| completed |", StringComparison.Ordinal))
        );

        string report = File.ReadAllText(Path.Combine(folder, "report.md"));
        var again = runs.Again(Name);
        again.AssertDone();
        Assert.Equal(5, again.Output.Split("done before").Length - 1);
        Assert.Equal(report, File.ReadAllText(Path.Combine(folder, "report.md")));
    }

    [Theory]
    [InlineData("Part3a.MnistRnn", 5, "005_hidden_size_256_seed1")]
    [InlineData("Part3b.MnistLstmGru", 6, "006_cell_gru__hidden_size_256_seed1")]
    public void StudyOfARecurrentSample_ComparesItsSettings(string sample, int trials, string last)
    {
        using var folder = new TempFolder();
        string atOnce = Environment.ProcessorCount > 1 ? "2" : "1"; // more than cores are warned of
        Sample
            .Run(
                sample,
                folder,
                "--study",
                "--data",
                "synthetic",
                "--quick",
                "--train-limit",
                "100",
                "--test-limit",
                "50",
                "--parallel",
                atOnce,
                "--out",
                folder["study"]
            )
            .AssertDone();
        AssertHas(folder["study"], "study.json", "report.html", "report.md", "test_accuracy.png", $"{last}/run.json");
        Assert.Equal(
            trials,
            File.ReadLines(folder["study/report.md"]).Count(line => line.EndsWith("| completed |", StringComparison.Ordinal))
        );
    }

    [Fact]
    public void StudyWithWorkers_IsDividedAmongProcesses_AndIsWhole()
    {
        using var folder = new TempFolder();
        Sample
            .Run(
                "Part1b.Cifar10Study",
                folder,
                "--data",
                "synthetic",
                "--quick",
                "--epochs",
                "2",
                "--train-limit",
                "100",
                "--test-limit",
                "50",
                "--workers",
                "2",
                "--out",
                folder["study"]
            )
            .AssertDone();
        AssertHas(folder["study"], "study.json", "report.html", "ledger/trials/001_base_seed1/000001/entry.json");
        Assert.Equal(
            5,
            File.ReadLines(folder["study/report.md"]).Count(line => line.EndsWith("| completed |", StringComparison.Ordinal))
        );
    }

    [Fact]
    public void Deconvnet_WritesOneReport_AndLoadsWeightsInsteadOfTraining()
    {
        string run = runs.Of("Part2.Deconvnet");
        string[] views =
        [
            "features.html",
            "filters.png",
            "weights.png",
            "top9_activation1_maps4-5.png",
            "top9_activation2_maps0-3.png",
            "top9_activation2.json",
            "occlusion.png",
            "occlusion.json",
            "attribution.png",
            "maximization.png",
            "invariance_shift.png",
            "invariance_rotate.json",
            "confusion.png",
            "mistakes.png",
        ];
        AssertHas(run, [.. views, "evolution_activation2.png", "run.json", "report.html"]);
        Assert.DoesNotContain("://", File.ReadAllText(Path.Combine(run, "features.html")), StringComparison.Ordinal);

        using var folder = new TempFolder();
        Sample
            .Run(
                "Part2.Deconvnet",
                folder,
                "--data",
                "synthetic",
                "--quick",
                "--weights",
                Path.Combine(run, "checkpoints", "best.safetensors"),
                "--out",
                folder["loaded"]
            )
            .AssertDone();
        AssertHas(folder["loaded"], views);
        Assert.False(File.Exists(folder["loaded/run.json"]));
    }

    [Fact]
    public void SameSeed_GivesTheSameMetricsButForTime()
    {
        using var folder = new TempFolder();
        Sample
            .Run("Part1c.Cifar10LeNet", folder, "--data", "synthetic", "--quick", "--seed", "3", "--out", folder["a"])
            .AssertDone();
        Sample
            .Run("Part1c.Cifar10LeNet", folder, "--data", "synthetic", "--quick", "--seed", "3", "--out", folder["b"])
            .AssertDone();
        Sample
            .Run("Part1c.Cifar10LeNet", folder, "--data", "synthetic", "--quick", "--seed", "4", "--out", folder["c"])
            .AssertDone();

        Assert.Equal(WithoutTime(folder["a"]), WithoutTime(folder["b"]));
        Assert.NotEqual(WithoutTime(folder["a"]), WithoutTime(folder["c"]));
        Assert.Equal(
            File.ReadAllBytes(folder["a/checkpoints/last.safetensors"]),
            File.ReadAllBytes(folder["b/checkpoints/last.safetensors"])
        );
    }

    [Fact]
    public void Flags_ReachTheRun()
    {
        using var folder = new TempFolder();
        Sample
            .Run(
                "Part1c.Cifar10LeNet",
                folder,
                "--data",
                "synthetic",
                "--epochs",
                "1",
                "--batch-size",
                "50",
                "--lr",
                "0.01",
                "--optimizer",
                "sgd",
                "--momentum",
                "0.5",
                "--fc1",
                "32",
                "--seed",
                "9",
                "--train-limit",
                "300",
                "--test-limit",
                "100",
                "--device",
                "cpu",
                "--threads",
                "1",
                "--out",
                folder["run"]
            )
            .AssertDone();

        using var json = Json(folder["run"]);
        var root = json.RootElement;
        var trainer = root.GetProperty("trainer");
        Assert.Equal(50, trainer.GetProperty("batch_size").GetInt32());
        Assert.Equal("SGD", trainer.GetProperty("optimizer").GetProperty("name").GetString());
        Assert.Equal(0.01, trainer.GetProperty("optimizer").GetProperty("learning_rate").GetDouble());
        Assert.Equal(0.5, trainer.GetProperty("optimizer").GetProperty("momentum").GetDouble());
        Assert.Equal(32, root.GetProperty("model").GetProperty("options").GetProperty("fc1_size").GetInt32());
        Assert.Equal(300, root.GetProperty("data").GetProperty("train_samples").GetInt32());
        Assert.Equal(100, root.GetProperty("data").GetProperty("test_samples").GetInt32());
        Assert.Equal(9, root.GetProperty("seed").GetInt32());
        Assert.Equal(1, root.GetProperty("threads").GetInt32());
        Assert.Equal(6, root.GetProperty("steps").GetInt32());
    }

    [Fact]
    public void CtrlC_SavesTheStateAndExitsWith130()
    {
        if (OperatingSystem.IsWindows())
        {
            return; // no signal can be sent to another process's console there
        }

        using var folder = new TempFolder();
        var result = Sample.RunAndInterrupt(
            "Part1c.Cifar10LeNet",
            folder,
            interruptOn: "epoch 1/",
            ["--data", "synthetic", "--epochs", "1000", "--train-limit", "2000", "--out", folder["run"]]
        );

        result.AssertFailed(130, "Stopped in epoch", "checkpoints", "To continue: dotnet ", " --resume");
        Assert.True(File.Exists(folder["run/checkpoints/last.safetensors"]));
        Assert.Equal("cancelled", Json(folder["run"]).RootElement.GetProperty("status").GetString());
        int steps = Json(folder["run"]).RootElement.GetProperty("steps").GetInt32();

        // what it printed is what continues, in fewer epochs here
        string command = result.Error[(result.Error.IndexOf("To continue: ", StringComparison.Ordinal) + 13)..];
        var again = Sample.Shell(folder, command.Replace("--epochs 1000", "--epochs 3", StringComparison.Ordinal));
        Assert.True(again.ExitCode == 0, again.Error); // it warns that the number of epochs is another
        Assert.Equal("completed", Json(folder["run"]).RootElement.GetProperty("status").GetString());
        Assert.True(Json(folder["run"]).RootElement.GetProperty("steps").GetInt32() > steps);
    }

    private static void AssertRunFolder(string run)
    {
        string[] files =
        [
            .. Directory
                .GetFiles(run, "*", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(run, file).Replace('\\', '/'))
                .Order(StringComparer.Ordinal),
        ];
        Assert.Equal(RunFiles, files.Where(file => !file.StartsWith("events.out.tfevents.", StringComparison.Ordinal)));
        Assert.Single(files, file => file.StartsWith("events.out.tfevents.", StringComparison.Ordinal));
        Assert.All(files, file => Assert.True(new FileInfo(Path.Combine(run, file)).Length > 0, file));
    }

    private static void AssertHas(string folder, params string[] files) =>
        Assert.All(
            files,
            file =>
                Assert.True(
                    new FileInfo(Path.Combine(folder, file)) is { Exists: true, Length: > 0 },
                    $"{file} is not there, or empty"
                )
        );

    private static JsonDocument Json(string run) => JsonDocument.Parse(File.ReadAllText(Path.Combine(run, "run.json")));

    private static string[] WithoutTime(string run) =>
        [.. File.ReadAllLines(Path.Combine(run, "metrics.csv")).Select(line => string.Join(',', line.Split(',')[..6]))];
}
