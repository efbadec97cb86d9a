// Measures which lines and branches of each floor the tests reach. Build the tests for Release, and run it in the root:
//   dotnet run build/coverage.cs
// The tests of Core, Checkpoints, Runs and Metrics alone, some minutes: dotnet run build/coverage.cs quick
// With floors, it lists their lines that are not reached, too; with a report, it reads that one and runs no test:
//   dotnet run build/coverage.cs Core Metrics artifacts/coverage/coverage.cobertura.xml

using System.Diagnostics;
using System.Globalization;
using System.Xml.Linq;

const string Folder = "artifacts/coverage";
const string Source = "src/VisionSeqModels/";

// These start processes of their own, in which nothing is counted, or hold rules about sources and allocations.
string[] leftOut =
[
    "Zoo",
    "Conventions",
    "KillTests",
    "ResumeMatrixTests",
    "AllocationTests",
    "NativeCalls",
    "CollectedStepsTests",
    "OpenMP",
    "BackwardFaultTests",
    "WeightFaultTests",
    "GuardPageTests",
    "KernelWidthTests",
    "MpiTests",
    "SlurmTests",
    "FaultRoundTests",
    "PostgreSqlLedgerTests",
    "Serve",
    "Browser",
    "ConsoleTests",
    "Tests.Build",
];

string[] quick =
[
    "Tests.Core.",
    "Tests.Checkpoints.",
    "Tests.Metrics.",
    "Tests.Callbacks.",
    "Tests.Options.",
    "Tests.Errors.",
    "RunFileFuzzTests",
    "WeightFileFuzzTests",
    "MetricAnswersTests",
    "RankingAnswersTests",
    "RunFolderTests",
    "RunRecordTests",
    "RecordTests",
    "RunFolderFaultTests",
    "UserIntentTests",
    "PyTorchInterop",
    "UndefinedMetricTests",
    "ConfiguredModelTests",
    "SequenceClassifierTests",
    "ImageClassifierTests",
    "RankVersionTests",
    "RunReport",
    "StrangerTests",
    "HostTests",
    "DiagnosticRunTests",
    "FileTests",
    "RunPartsTests",
    "Training.StateTests",
    "Training.TrainerFitTests",
    "Training.StepTests",
    "Training.FreezingTests",
    "Studies.StudyTests",
];

string? report = args.FirstOrDefault(one => one.EndsWith(".xml", StringComparison.Ordinal));
if (report is null)
{
    Directory.CreateDirectory(Folder);
    string filter = args.Contains("quick")
        ? string.Join('|', quick.Select(name => $"FullyQualifiedName~{name}"))
        : string.Join('&', leftOut.Select(name => $"FullyQualifiedName!~{name}"));
    string run = Path.Combine(Folder, DateTime.Now.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture));
    string[] command = ["test", "-c", "Release", "--no-build", "tests/VisionSeqModels.Tests", "--collect", "XPlat Code Coverage"];
    string[] rest = ["--settings", "build/coverage.runsettings", "--results-directory", run, "--filter", filter];
    using var tests = Process.Start("dotnet", [.. command, .. rest]);
    tests.WaitForExit();
    report = Path.Combine(Folder, "coverage.cobertura.xml");
    File.Copy(Directory.GetFiles(run, "coverage.cobertura.xml", SearchOption.AllDirectories).Single(), report, overwrite: true);
    Directory.Delete(run, recursive: true);
}

// A line of a lambda or of an iterator is in a class of its own: one that is reached anywhere is reached.
var lines = XDocument
    .Load(report)
    .Descendants("class")
    .SelectMany(one => one.Element("lines")!.Elements("line").Select(line => (File: FileOf(one), Line: line)))
    .GroupBy(one => (one.File, Number: (int)one.Line.Attribute("number")!))
    .Select(group => new Line(
        group.Key.File,
        group.Key.Number,
        group.Any(one => (long)one.Line.Attribute("hits")! > 0),
        group.Sum(one => Branches(one.Line).Taken),
        group.Sum(one => Branches(one.Line).All)
    ))
    .ToList();

Console.WriteLine("| floor | lines | reached | branches | taken |\n| --- | --- | --- | --- | --- |");
foreach (var floor in lines.GroupBy(line => line.Floor).OrderBy(floor => floor.Key, StringComparer.Ordinal))
{
    int all = floor.Count(),
        branches = floor.Sum(line => line.Branches);
    Console.WriteLine(
        string.Create(
            CultureInfo.InvariantCulture,
            $"| {floor.Key} | {all} | {100.0 * floor.Count(line => line.Reached) / all:f1} % | {branches} "
                + $"| {100.0 * floor.Sum(line => line.Taken) / Math.Max(branches, 1):f1} % |"
        )
    );
}

foreach (var line in lines.Where(line => args.Contains(line.Floor)).OrderBy(line => line.File).ThenBy(line => line.Number))
{
    if (!line.Reached || line.Taken < line.Branches)
    {
        string text = File.ReadLines(line.File).ElementAt(line.Number - 1).Trim();
        Console.WriteLine($"{line.File}:{line.Number}: {(line.Reached ? $"{line.Taken} of {line.Branches}" : "never")}: {text}");
    }
}

static string FileOf(XElement type)
{
    string path = ((string)type.Attribute("filename")!).Replace('\\', '/');
    int begin = path.LastIndexOf(Source, StringComparison.Ordinal);
    return begin < 0 ? Source + path : path[begin..];
}

// "50% (1/2)"
static (int Taken, int All) Branches(XElement line) =>
    ((string?)line.Attribute("condition-coverage"))?.Split('(', '/', ')') is [_, var taken, var all, _]
        ? (int.Parse(taken, CultureInfo.InvariantCulture), int.Parse(all, CultureInfo.InvariantCulture))
        : (0, 0);

internal sealed record Line(string File, int Number, bool Reached, int Taken, int Branches)
{
    public string Floor => File[Source.Length..].Split('/')[0];

    private const string Source = "src/VisionSeqModels/";
}
