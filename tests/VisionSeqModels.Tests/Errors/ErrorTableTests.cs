using System.Globalization;
using System.Text.RegularExpressions;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Errors;

/// <summary>The pages in docs/errors say what really happens: every row is produced here, and every message in the sources has
/// a row.</summary>
[Collection("Torch")]
public sealed partial class ErrorTableTests
{
    private static readonly string Sources = Path.Combine(Repository.Root, "src");
    private static readonly string[] Packages = ["VisionSeqModels", "VisionSeqModels.PostgreSql", "VisionSeqModels.Mpi"];
    private static readonly Dictionary<string, Action<TempFolder>> Causes = DataErrors
        .All.Concat(FolderErrors.All)
        .Concat(TrainingErrors.All)
        .Concat(UseErrors.All)
        .Concat(RankErrors.All)
        .Concat(StudyErrors.All)
        .Concat(LedgerErrors.All)
        .Concat(ModelErrors.All)
        .Concat(WeightErrors.All)
        .Concat(ViewErrors.All)
        .Concat(InferenceErrors.All)
        .Concat(OnnxErrors.All)
        .Concat(SequenceErrors.All)
        .ToDictionary(entry => entry.Id, entry => entry.Cause);

    /// <summary>Messages without a row of their own: those within another message, and those that no user can cause at
    /// will.</summary>
    private static readonly string[] Elsewhere =
    [
        "carries no checksum",
        "is damaged: its content",
        "is no training state",
        "has the state format",
        "values that cannot be", // within resume-damaged
        "became shorter while it was read",
        "Nothing came for",
        "gradients, or one", // a mistake in the library itself
        "on the CPU, but received", // the same
        "Measure fewer samples at once", // an array of 16 GiB
        "has more than", // a picture's file of 256 MiB
        "names differ only in how Unicode", // systems differ in whether two such folders can be
        "Give the permission to read it", // nothing is forbidden to an administrator
        "this is a fault of the schedule", // a mistake in the library itself
        "vanished as soon as it was written", // another program's doing, or a server's
        "has written the study's record", // nobody gets it
        "but its files are not there", // another program's doing, or a server's
        "failed with the error class", // MPI ends the job itself
    ];

    public static TheoryData<string> Ids => [.. Causes.Keys];

    private static Dictionary<string, ErrorRow> Rows { get; } = ErrorPages.Rows.ToDictionary(row => row.Id);

    [Theory]
    [MemberData(nameof(Ids))]
    public void Row_IsWhatTheLibrarySays_InAnyCulture(string id)
    {
        string message = MessageOf(id, CultureInfo.InvariantCulture);
        Assert.Matches(Rows[id].Pattern, message);
        Assert.Equal(message, MessageOf(id, CultureInfo.GetCultureInfo("de-DE")));
    }

    [Fact]
    public void Rows_AreTheReproductions() =>
        Assert.Equal(
            Causes.Keys.Concat(LedgerErrors.OfAServer.Select(entry => entry.Id)).Order(StringComparer.Ordinal),
            Rows.Keys.Order(StringComparer.Ordinal)
        );

    /// <summary>The longest constant part of every text that an exception is made with stands in a row.</summary>
    [Fact]
    public void EveryMessageOfTheSources_IsInARow()
    {
        var texts = Packages
            .SelectMany(package => Directory.GetFiles(Path.Combine(Sources, package), "*.cs", SearchOption.AllDirectories))
            .Where(path => !IsWithin(path, "buildTransitive") && !IsWithin(path, "obj"))
            .SelectMany(path =>
                Creation()
                    .Matches(File.ReadAllText(path))
                    .Select(match => (Path.GetFileName(path), Text: SourceText.LongestConstant(match.Value)))
            )
            .Where(entry => entry.Text.Length > 0)
            .ToList();
        var lacking = texts
            .Where(entry =>
                !Elsewhere.Any(part => entry.Text.Contains(part, StringComparison.Ordinal))
                && !Rows.Values.Any(row => row.Message.Contains(entry.Text, StringComparison.Ordinal))
            )
            .Select(entry => $"{entry.Item1}: {entry.Text}");
        Assert.Empty(lacking);
        Assert.True(texts.Count > 90, $"only {texts.Count} texts were found in the sources");
    }

    /// <summary>The folder's name, which is new each time, is left out.</summary>
    private static string MessageOf(string id, CultureInfo culture)
    {
        using var folder = new TempFolder();
        using var scope = NewDisposeScope();
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = culture;
        try
        {
            string message = Assert.ThrowsAny<Exception>(() => Causes[id](folder)).Message;
            return Suffix().Replace(message, "").Replace(folder.Root, "FOLDER", StringComparison.Ordinal);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static bool IsWithin(string path, string folder) =>
        path.Contains($"{Path.DirectorySeparatorChar}{folder}{Path.DirectorySeparatorChar}", StringComparison.Ordinal);

    /// <summary>What .NET adds to the messages of argument exceptions.</summary>
    [GeneratedRegex(@"( \(Parameter '\w+'\))?(\r?\nActual value was .*)?$")]
    private static partial Regex Suffix();

    // What FormatException and JsonException say stands within the message of the exception that they become.
    [GeneratedRegex(@"new (?!FormatException|JsonException)\w*Exception\((?<arguments>.*?)\);", RegexOptions.Singleline)]
    private static partial Regex Creation();
}
