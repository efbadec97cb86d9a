using System.Text.Json.Nodes;
using VisionSeqModels.Tests.Docs;

namespace VisionSeqModels.Tests;

/// <summary>The README's program, and types of a user's own, wherever .NET runs (docs/hosts.md).</summary>
[Collection(PackedCollections.Hosts)]
public sealed class HostTests(Packed packed) : IDisposable
{
    private readonly TestProjects _projects = new(packed.Library);

    /// <summary>Module, options, optimizer, schedule and callback of a user's own.</summary>
    private const string OwnTypes = """

        using var own = new OwnModel(new OwnOptions(8, Mood.VeryCalm, [0.5, double.NaN]));
        new Trainer(new TrainerOptions
        {
            Epochs = 1, Seed = 1, RunDirectory = "own", Device = "cpu",
            Optimizer = new OwnOptimizer { Slope = 0.25 }, Schedule = new OwnSchedule { Height = 3 },
        })
        { Callbacks = { new OwnCallback() } }.Fit(own, data.Train);
        Console.WriteLine($"own hooks {OwnCallback.Epochs}");

        enum Mood { Calm, VeryCalm }

        record OwnOptions(int Width, Mood Mood, IReadOnlyList<double> Weights);

        sealed record OwnOptimizer : OptimizerOptions
        {
            public override double LearningRate { get; init; } = 0.01;
            public double Slope { get; init; }
            protected override TorchSharp.torch.optim.Optimizer Create(
                IReadOnlyList<TorchSharp.Modules.Parameter> parameters) => TorchSharp.torch.optim.SGD(parameters, LearningRate);
        }

        sealed record OwnSchedule : LearningRateSchedule
        {
            public int Height { get; init; }
            protected override double Factor(long stepsDone, TrainingPlan plan) => 1;
        }

        sealed class OwnCallback : Callback
        {
            public static int Epochs { get; private set; }
            public override void OnEpochEnd(VisionSeqModels.Training.EpochEndEvent e) => Epochs++;
        }

        sealed class OwnModel : TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>, IConfiguredModel
        {
            private readonly TorchSharp.Modules.Linear hidden;
            private readonly TorchSharp.Modules.Linear output;

            public OwnModel(OwnOptions options) : base("own")
            {
                TorchSharp.torch.manual_seed(1);
                hidden = TorchSharp.torch.nn.Linear(3 * 32 * 32, options.Width);
                output = TorchSharp.torch.nn.Linear(options.Width, 10);
                Options = options;
                RegisterComponents();
            }

            public object Options { get; }

            public override TorchSharp.torch.Tensor forward(TorchSharp.torch.Tensor input) =>
                output.call(hidden.call(input.flatten(1)).relu());
        }
        """;

    private static string Readme =>
        OneEpoch(MarkdownPage.All.Single(page => page.Name == "README.md").Blocks.Single(block => block.Program == "quick").Code);

    public void Dispose() => _projects.Dispose();

    [Fact]
    public void FileBasedApp_AndTrimmedProgram_TrainAndWriteAsAProjectDoes()
    {
        string project = _projects.CreateConsumer("hosts", Readme + OwnTypes);
        AssertTrained(Dotnet.Run(project, "run", "-c", "Release"));

        string file = _projects.CreateFolder("file-based");
        _projects.WriteSources(file);
        File.WriteAllText(
            Path.Combine(file, "train.cs"),
            $"""
            #:package VisionSeqModels@{packed.Library.Version}
            #:package {PackedLibrary.LibtorchName}@{PackedLibrary.LibtorchVersion}
            {Readme}
            {OwnTypes}
            """
        );
        AssertTrained(RunFile(file, "train.cs"));

        string trimmed = _projects.Folder("trimmed");
        string output = Publish(project, trimmed, "-p:PublishTrimmed=true");
        Assert.DoesNotContain("'VisionSeqModels' produced", output, StringComparison.Ordinal);
        AssertTrained(Run(trimmed));

        foreach (string run in new[] { "my-first-run", "own" })
        {
            Assert.Equal(Record(project, run), Record(file, run));
            Assert.Equal(Record(project, run), Record(trimmed, run));
        }

        Assert.Contains("\"weights\":[0.5,\"NaN\"]", Record(trimmed, "own"), StringComparison.Ordinal);
        Assert.Contains("\"slope\":0.25", Record(trimmed, "own"), StringComparison.Ordinal);
    }

    /// <summary>Long (a minute of compiling), and it needs a linker: set VISIONSEQ_AOT to its name, for example gcc.</summary>
    [NativeAotFact]
    public void NativeAot_TrainsAndWritesAsAProjectDoes()
    {
        string project = _projects.CreateConsumer("aot", Readme + OwnTypes);
        AssertTrained(Dotnet.Run(project, "run", "-c", "Release"));
        string native = _projects.Folder("native");
        Publish(
            project,
            native,
            "-p:PublishAot=true",
            "-p:IlcInstructionSet=native", // else for a processor of 2004, where libtorch computes what kernels would
            $"-p:CppCompilerAndLinker={NativeAotFactAttribute.Linker}"
        );

        AssertTrained(Run(native));

        foreach (string run in new[] { "my-first-run", "own" })
        {
            Assert.Equal(Record(project, run), Record(native, run));
        }
    }

    [Theory]
    [InlineData("docs/hosts.md", "my-first-run")]
    [InlineData("docs/how-to/fsharp.md", "fsharp-run")]
    public void FSharpProject_OfThePage_Trains(string page, string run)
    {
        string folder = _projects.CreateFolder($"fsharp-{run}");
        _projects.WriteSources(folder);
        string program = MarkdownPage
            .All.Single(other => other.Name == page)
            .Blocks.Single(block => block.Language == "fsharp")
            .Code;
        File.WriteAllText(Path.Combine(folder, "Program.fs"), OneEpoch(program));
        File.WriteAllText(
            Path.Combine(folder, "Consumer.fsproj"),
            $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
              </PropertyGroup>
              <ItemGroup>
                <Compile Include="Program.fs" />
                <PackageReference Include="VisionSeqModels" Version="{packed.Library.Version}" />
                <PackageReference Include="{PackedLibrary.LibtorchName}" Version="{PackedLibrary.LibtorchVersion}" />
              </ItemGroup>
            </Project>
            """
        );

        string output = Dotnet.Run(folder, "run", "-c", "Release");

        Assert.Contains("epoch 1/1", output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(folder, run, "run.json")));
    }

    [Theory]
    [InlineData("net8.0")]
    [InlineData("net9.0")]
    public void AnOlderFramework_IsRefusedByTheRestore(string framework)
    {
        string folder = _projects.CreateConsumer(
            framework,
            "System.Console.WriteLine();",
            withLibtorch: false,
            // No pack of that framework is needed for the answer.
            "<DisableImplicitFrameworkReferences>true</DisableImplicitFrameworkReferences><UseAppHost>false</UseAppHost>"
        );
        string project = Path.Combine(folder, "Consumer.csproj");
        File.WriteAllText(project, File.ReadAllText(project).Replace("net10.0", framework, StringComparison.Ordinal));

        var (exitCode, output) = Dotnet.Start("dotnet", folder, ["restore"]);

        Assert.NotEqual(0, exitCode);
        Assert.Contains("NU1202", output, StringComparison.Ordinal);
        Assert.Contains(
            $"VisionSeqModels {packed.Library.Version} is not compatible with {framework}",
            output,
            StringComparison.Ordinal
        );
    }

    private static string OneEpoch(string program) => program.Replace("Epochs = 5", "Epochs = 1", StringComparison.Ordinal);

    private static void AssertTrained(string output)
    {
        Assert.Contains("epoch 1/1", output, StringComparison.Ordinal);
        Assert.Contains("own hooks 1", output, StringComparison.Ordinal);
    }

    /// <summary>Runs a program of one file. Its output goes to the test's folder, not to the user's.</summary>
    private static string RunFile(string folder, string program)
    {
        var (exitCode, output) = Dotnet.Start(
            "dotnet",
            folder,
            ["run", program],
            environment => environment["XDG_DATA_HOME"] = Directory.CreateDirectory(Path.Combine(folder, "data")).FullName
        );
        Assert.True(exitCode == 0, output);
        return output;
    }

    private static string Publish(string project, string folder, params string[] properties) =>
        Dotnet.Run(project, ["publish", "-c", "Release", "-r", PackedLibrary.System, "-o", folder, "--nologo", .. properties]);

    private static string Run(string folder)
    {
        string program = Path.Combine(folder, OperatingSystem.IsWindows() ? "Consumer.exe" : "Consumer");
        var (exitCode, output) = Dotnet.Start(program, folder, []);
        Assert.True(exitCode == 0, output);
        return output;
    }

    /// <summary>What a run.json has that does not hang on the clock and the machine: options, model, data, metrics.</summary>
    private static string Record(string folder, string run)
    {
        var record = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, run, "run.json")))!.AsObject();
        string[] ofTheClock = ["started", "seconds", "samples_per_second", "versions"];
        Strip(record);
        return record.ToJsonString();

        void Strip(JsonNode? node)
        {
            foreach (string name in ofTheClock)
            {
                _ = (node as JsonObject)?.Remove(name);
            }

            foreach (var part in (node as JsonObject)?.Select(entry => entry.Value) ?? node as JsonArray ?? [])
            {
                Strip(part);
            }
        }
    }
}
