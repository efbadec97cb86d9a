using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace VisionSeqModels.Tests;

/// <summary>The homework in its quick form, on synthetic images.</summary>
public sealed partial class HomeworkTests(HomeworkRun whole) : IClassFixture<HomeworkRun>
{
    private const string Name = "Homework";

    [Fact]
    public void OneCommand_MakesTheDocumentOfAllParts()
    {
        string page = File.ReadAllText(whole["report.html"]),
            text = File.ReadAllText(whole["report.md"]);

        Assert.All(
            ["1b: ", "1c: ", "2: ", "3a: ", "3b: ", "3c: "],
            part =>
            {
                Assert.Contains($"<h2>{part}", page, StringComparison.Ordinal);
                Assert.Contains($"\n## {part}", text, StringComparison.Ordinal);
            }
        );
        Assert.DoesNotContain("://", page, StringComparison.Ordinal); // it needs nothing from outside
        string[] pictures = [.. PictureLink().Matches(text).Select(match => match.Groups[1].Value)];
        Assert.Equal(page.Split("<img ").Length - 1, pictures.Length);
        Assert.All(pictures, picture => Assert.True(File.Exists(whole[picture]), picture));
        Assert.Equal(pictures.Length, Directory.GetFiles(whole["report"]).Length);
    }

    [Theory]
    [InlineData("lenet")]
    [InlineData("lenet/001_base_seed1")]
    [InlineData("rnn")]
    [InlineData("rnn/001_base_seed1")]
    [InlineData("lstm-gru")]
    [InlineData("lenet-digits")]
    [InlineData("permuted-rows")]
    [InlineData("permuted-pixels")]
    public void EachPartOfAQuickRun_EndsWithATestAccuracyOfAtLeastSixTenths(string runs) =>
        QuickAccuracyTests.AssertLearned(whole[runs]);

    [Fact]
    public void TheSameCommandAgain_ChangesNothing()
    {
        var before = Hashes();
        Sample.Run(Name, whole.Folder, HomeworkRun.Arguments(whole.Folder["homework"])).AssertDone();
        Assert.Equal(before, Hashes());
    }

    /// <summary>Wherever it is killed, five times.</summary>
    [Fact]
    public void KilledAtRandom_ItContinues_AndTheDocumentIsTheSameButForTimes()
    {
        using var folder = new TempFolder();
        var random = new Random();
        for (int kill = 0; kill < 5; kill++)
        {
            RunAndKill(folder, afterLines: random.Next(14), TimeSpan.FromMilliseconds(random.Next(300)));
        }

        Sample.Run(Name, folder, HomeworkRun.Arguments(folder["homework"])).AssertDone();
        foreach (string file in new[] { "report.md", "report.html" })
        {
            Assert.Equal(WithoutTimes(whole[file]), WithoutTimes(Path.Combine(folder["homework"], file)));
        }
    }

    [Fact]
    public void APart_RunsWhatItNeeds_AndAnotherAddsToIt()
    {
        using var folder = new TempFolder();
        string[] small = ["--data", "synthetic", "--train-limit", "64", "--test-limit", "32", "--epochs", "1", "--seeds", "1"];
        Sample.Run(Name, folder, [.. small, "--out", folder["some"], "--parts", "1c"]).AssertDone();
        string run = folder["some/lenet/001_base_seed1/run.json"];
        string written = File.ReadAllText(run);
        Assert.Equal(["lenet", "report", "views"], Folders(folder["some"]));
        Assert.Equal(["001_base_seed1"], Folders(folder["some/lenet"]));

        Sample.Run(Name, folder, [.. small, "--out", folder["some"], "--parts", "1b,2"]).AssertDone();

        Assert.Equal(5, Folders(folder["some/lenet"]).Length);
        Assert.Equal(written, File.ReadAllText(run));
        string text = File.ReadAllText(folder["some/report.md"]);
        Assert.All(["\n## 1b: ", "\n## 1c: ", "\n## 2: "], part => Assert.Contains(part, text, StringComparison.Ordinal));
        Sample.Run(Name, folder, "--parts", "1b,4").AssertFailed(2, "--parts must be some of 1b,1c,2,3a,3b,3c, but has '4'.");
    }

    [Fact]
    public void OwnNotes_StandInTheirSection_AndSurviveTheNextRun()
    {
        using var folder = new TempFolder();
        string[] small = ["--data", "synthetic", "--train-limit", "64", "--test-limit", "32", "--epochs", "1", "--seeds", "1"];
        string[] arguments = [.. small, "--parts", "1c", "--out", folder["noted"]];
        Sample.Run(Name, folder, arguments).AssertDone();
        string notes = "## 1c: the final LeNet\n\nMine & *yours*.\n\nAnd <more>.\n\n## Of no section\n\nKept too.\n";
        File.WriteAllText(folder["noted/notes.md"], notes);

        Sample.Run(Name, folder, arguments).AssertDone();

        Assert.Equal(notes, File.ReadAllText(folder["noted/notes.md"]));
        string text = File.ReadAllText(folder["noted/report.md"]);
        int section = text.IndexOf("\n## 1c: ", StringComparison.Ordinal),
            note = text.IndexOf("Mine & *yours*.\n\nAnd <more>.", StringComparison.Ordinal);
        Assert.InRange(note, section, text.IndexOf("\n## ", section + 1, StringComparison.Ordinal));
        Assert.Contains("## Of no section\n\n### Own notes\n\nKept too.", text, StringComparison.Ordinal);
        Assert.Contains("Mine &amp; *yours*.", File.ReadAllText(folder["noted/report.html"]), StringComparison.Ordinal);
    }

    /// <summary>Numbers come from run folders: the source has none in its prose.</summary>
    [Fact]
    public void TheDocumentsSource_HasNoNumberInItsProse()
    {
        string[] files = Directory.GetFiles(Path.Combine(Sample.Folder, Name, "Document"), "*.cs", SearchOption.AllDirectories);
        var prose = files.SelectMany(file => SourceText.Literals(File.ReadAllText(file))).Where(IsProse).ToList();
        Assert.True(prose.Count > 50, $"only {prose.Count} texts were found");
        Assert.All(prose, text => Assert.DoesNotMatch("[0-9]", text));
    }

    /// <summary>More than one word; settings' names are keys, not prose.</summary>
    private static bool IsProse(string text) => Word().Count(text) > 1 && !text.StartsWith("cell ", StringComparison.Ordinal);

    private static void RunAndKill(TempFolder folder, int afterLines, TimeSpan delay)
    {
        var start = new ProcessStartInfo("dotnet", [Sample.Assembly(Name), .. HomeworkRun.Arguments(folder["homework"])])
        {
            WorkingDirectory = folder.Root,
            RedirectStandardOutput = true,
        };
        start.Environment["OMP_NUM_THREADS"] = "1";
        using var process = Process.Start(start)!;
        for (int line = 0; line < afterLines && process.StandardOutput.ReadLine() is not null; line++) { }

        Thread.Sleep(delay);
        process.Kill(entireProcessTree: true);
        process.WaitForExit();
    }

    private SortedDictionary<string, string> Hashes() =>
        new(
            Directory
                .GetFiles(whole.Folder["homework"], "*", SearchOption.AllDirectories)
                .ToDictionary(path => path, path => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path))))
        );

    private static string[] Folders(string path) =>
        [.. Directory.GetDirectories(path).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)];

    private static string WithoutTimes(string path) => Time().Replace(File.ReadAllText(path), "…");

    [GeneratedRegex(@"\b[0-9]+\.[0-9] (s|min)\b")]
    private static partial Regex Time();

    [GeneratedRegex(@"!\[[^\]]*\]\(([^)]+)\)")]
    private static partial Regex PictureLink();

    [GeneratedRegex(@"\b[A-Za-z]{2,}\b")]
    private static partial Regex Word();
}
