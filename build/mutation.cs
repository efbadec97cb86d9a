// Changes the library in one place after another, and lists the changes that no test notices. Run it in the root:
//   dotnet run build/mutation.cs Core
// Several floors in one run start faster than one after another; Studies/Reports, 'Studies/*.cs' and Data/Batch.cs are parts.
// --concurrency 2 tries two changes at once; --report FILE reads a report again and runs nothing. --patience 20 waits 20 seconds
// more than usual for a change's tests instead of 60; with much less, slow tests pass for endless loops.

using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

const string Tests = "VisionSeqModels.Tests.";
const string Reasons = "build/mutation/survivors.txt";

string[] studies =
[
    "Studies.",
    "-Studies.ErrorRateTests",
    "-Studies.FoldReportTests",
    "-Studies.FoldStudyTests",
    "-Studies.ParallelStudyTests",
    "-Studies.SearchStudyTests",
    "-Studies.SharedTrialObjectTests",
    "-Studies.StudyFaultTests",
    "-Studies.StudyMonitorTests",
    "-Studies.StudyReportTests",
    "-Studies.StudyReportBrowserTests",
    "-Studies.StudyTests",
    "-Studies.SuccessiveHalvingTests",
    "-Studies.TpeSamplerTests",
    "-Studies.UnlikeTrialsTests",
];
string[] quickStudies = [.. studies, "-Studies.Ledger."];
string[] ledgers =
[
    .. studies,
    "-Studies.Ledger.FaultRoundTests",
    "-Studies.Ledger.LeftBehindTests",
    "-Studies.Ledger.PostgreSql",
    "-Studies.Ledger.Shared",
    "-Studies.Ledger.SlurmTests",
    "-Studies.Ledger.WorkerKillTests",
];
string[] untrainedStudies = [.. quickStudies, "-Studies.StudyEventsTests"];

// Each floor's test classes or namespaces that could notice a change of it. What follows a minus is left out: it trains for
// seconds, or starts processes.
Dictionary<string, string[]> floors = new()
{
    ["Core"] = ["Core.", "Options."],
    ["Checkpoints"] = ["Checkpoints.", "Training.StateFile", "-Checkpoints.PyTorchInteropTests"],
    ["Runs"] = ["Training.Run", "Training.State", "Training.Record", "Training.ResumeChangesTests"],
    ["Metrics"] = ["Metrics.", "KnownAnswers.RankingAnswersTests"],
    ["Optimization"] = ["Optimization.", "Options.", "KnownAnswers."],
    ["Data"] = ["Data.", "Options.", "KnownAnswers.AugmentationAnswersTests"],
    ["Studies"] = quickStudies,
    ["Studies/Ledger"] = ledgers,
    ["Studies/Reports"] = untrainedStudies,
    ["Studies/Statistics"] = untrainedStudies,
    ["Studies/Verdicts"] = untrainedStudies,
};

// Tests that take seconds, or ask a program of another language: others try the same with stored answers.
string[] slow =
[
    "_AreScikitLearns",
    "AsEvenAsScikitLearns",
    "_IsPyTorchs_ForRandomSettings",
    "FiftySteps_ArePyTorchs",
    "ValueAndGradient_ArePyTorchs",
    "_GivePyTorchsImages",
    "_AsPillowReadsThem",
    "_AreThoseOfScipyHere",
    "_LearnsThem_",
    "_AndLearns",
    "AnyOptions_ComeBack",
    "Bomb_EndsSoon",
    "StoppedAnywhere",
    "KilledAnywhere",
    "KilledAndResumed",
    "SettingsWhoseNamesAreAlike",
    "Sum_IsDividedAsItsVariances",
    "IshigamisFunction",
];

var chosen = args.Select(one =>
        (Folder: one.TrimEnd('/'), Tests: floors.GetValueOrDefault(one) ?? floors.GetValueOrDefault(one.Split('/')[0])!)
    )
    .Where(one => one.Tests is not null)
    .ToList();
if (chosen.Count == 0)
{
    Console.Error.WriteLine($"Name one of {string.Join(", ", floors.Keys)}, or several.");
    return 1;
}

string parts = string.Join('-', chosen.Select(one => one.Folder.Replace('/', '.')).Take(8));
string folder = Path.GetFullPath(Path.Combine("artifacts", "mutation", parts));
string report = Value("--report") ?? Path.Combine(folder, "reports", "mutation-report.json");
if (Value("--report") is null && Run() is var status and not 0)
{
    return status; // and no report of an earlier run instead
}

using var document = JsonDocument.Parse(File.ReadAllText(report));
var changes = document
    .RootElement.GetProperty("files")
    .EnumerateObject()
    .SelectMany(file => file.Value.GetProperty("mutants").EnumerateArray().Select(one => Change.Of(file, one)))
    .Where(one => one.Status is "Killed" or "Timeout" or "RuntimeError" or "Survived" or "NoCoverage")
    .ToList();
var listed = File.ReadLines(Reasons).Where(line => line is not ("" or ['#', ..])).ToHashSet();
foreach (var file in changes.GroupBy(one => one.File).OrderBy(file => file.Key, StringComparer.Ordinal))
{
    var open = file.Where(one => !one.Found && !listed.Contains(one.Text)).OrderBy(one => one.Line).ToList();
    Console.WriteLine($"{file.Key}: {file.Count(one => one.Found)} of {file.Count()} found, {open.Count} without a reason");
    foreach (var one in open)
    {
        Console.WriteLine($"  line {one.Line}, {(one.Status == "NoCoverage" ? "never run" : one.Kind)}\n{one.Text}");
    }
}

foreach (var (name, _) in chosen)
{
    var ofFloor = changes.Where(one => IsIn(name, one.File)).ToList();
    int found = ofFloor.Count(one => one.Found);
    Console.WriteLine(
        string.Create(
            CultureInfo.InvariantCulture,
            $"{name}: {found} of {ofFloor.Count} changes found, {100.0 * found / Math.Max(ofFloor.Count, 1):f1} % "
                + $"({ofFloor.Count(one => one.Status == "Timeout")} of them because the tests took too long); "
                + $"{ofFloor.Count(one => !one.Found && listed.Contains(one.Text))} others have a reason in {Reasons}"
        )
    );
}

return 0;

string? Value(string option) => Array.IndexOf(args, option) is var at and >= 0 ? args[at + 1] : null;

int Run()
{
    Directory.CreateDirectory(folder);
    string settings = Path.Combine(folder, "stryker.json");
    File.WriteAllText(settings, Settings());
    string[] command = ["stryker", "-f", settings, "-O", folder, "--concurrency", Value("--concurrency") ?? "1"];
    var start = new ProcessStartInfo("dotnet", command) { WorkingDirectory = Path.Combine("tests", "VisionSeqModels.Tests") };
    start.Environment["VISIONSEQ_MUTATION_TESTS"] = string.Join(
        ';',
        chosen.SelectMany(floor => floor.Tests).Distinct().Select(one => one[0] == '-' ? $"-{Tests}{one[1..]}" : Tests + one)
    );

    // Threads of libtorch that wait take the processor from the tests beside them.
    (start.Environment["OMP_NUM_THREADS"], start.Environment["OMP_WAIT_POLICY"]) = ("1", "passive");
    using var stryker = Process.Start(start)!;
    stryker.WaitForExit();
    return stryker.ExitCode;
}

bool IsIn(string part, string file) =>
    file == part
    || file.StartsWith(part + '/', StringComparison.Ordinal)
    || (part.EndsWith("/*.cs", StringComparison.Ordinal) && file[..file.LastIndexOf('/')] == part[..^"/*.cs".Length]);

string Pattern(string part) => part.EndsWith(".cs", StringComparison.Ordinal) ? part : $"{part}/**/*.cs";

// Texts are not changed: messages have tests of their own.
string Settings()
{
    string sources = string.Join(", ", chosen.Select(floor => $"\"**/src/VisionSeqModels/{Pattern(floor.Folder)}\""));
    string tests = string.Join('&', slow.Select(one => $"FullyQualifiedName!~{one}"));
    return $$"""
        {
          "stryker-config": {
            "project": "VisionSeqModels.csproj",
            "configuration": "Mutation",
            "test-runner": "mtp",
            "mutate": [{{sources}}],
            "test-case-filter": "{{tests}}",
            "coverage-analysis": "perTest",
            "additional-timeout": {{Value("--patience") ?? "60"}}000,
            "ignore-mutations": ["string"],
            "reporters": ["json", "dots"]
          }
        }
        """;
}

internal sealed record Change(string File, int Line, string Kind, string Status, string Original, string Replacement)
{
    private const int LongestText = 125;

    // A crash of the whole program is noticed, too.
    public bool Found => Status is "Killed" or "Timeout" or "RuntimeError";

    /// <summary>The line for a list of survivors: without a number, which the next edit would change.</summary>
    public string Text
    {
        get
        {
            string text = $"{File}: {Original} → {Replacement}";
            return text.Length <= LongestText ? text : text[..(LongestText - 1)] + "…";
        }
    }

    public static Change Of(JsonProperty file, JsonElement change)
    {
        var (start, end) = (
            change.GetProperty("location").GetProperty("start"),
            change.GetProperty("location").GetProperty("end")
        );
        string[] lines = file.Value.GetProperty("source").GetString()!.Split('\n');
        int first = start.GetProperty("line").GetInt32(),
            last = end.GetProperty("line").GetInt32();
        string text = string.Join(
            ' ',
            lines[(first - 1)..last]
                .Select(
                    (line, i) =>
                        (i == last - first ? line[..(end.GetProperty("column").GetInt32() - 1)] : line)[
                            (i == 0 ? start.GetProperty("column").GetInt32() - 1 : 0)..
                        ]
                            .Trim()
                )
        );
        return new Change(
            file.Name[
                (file.Name.LastIndexOf("src/VisionSeqModels/", StringComparison.Ordinal) + "src/VisionSeqModels/".Length)..
            ],
            first,
            change.GetProperty("mutatorName").GetString()!,
            change.GetProperty("status").GetString()!,
            text,
            string.Join(' ', change.GetProperty("replacement").GetString()!.Split('\n', StringSplitOptions.TrimEntries))
        );
    }
}
