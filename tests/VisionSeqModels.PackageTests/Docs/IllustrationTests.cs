using VisionSeqModels.DocsMake;

namespace VisionSeqModels.Tests.Docs;

/// <summary>Each picture has a command that makes it, and is as old as what it shows.</summary>
public sealed class IllustrationTests
{
    private static readonly IReadOnlyList<Illustration> Illustrations = IllustrationFiles.Illustrations(PackedLibrary.Repository);

    public static TheoryData<string> Names => [.. Illustrations.Select(illustration => illustration.Name)];

    /// <summary>Where this fails, make it again: <c>dotnet run -c Release --project docs/make -- make NAME</c>.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Illustration_IsNotOlderThanWhatItMeasures(string name)
    {
        var illustration = Illustrations.Single(illustration => illustration.Name == name);
        Assert.True(
            IllustrationFiles.Stamps(PackedLibrary.Repository).TryGetValue(name, out var stamp),
            $"'{name}' was never made: dotnet run -c Release --project docs/make -- make {name}"
        );
        Assert.NotEmpty(illustration.Measures);
        Assert.True(
            IllustrationFiles.Hash(PackedLibrary.Repository, illustration.Measures) == stamp.Sources,
            $"'{name}' was made at {stamp.Commit} on {stamp.Date}; {string.Join(", ", illustration.Measures)} changed since. "
                + $"Make it again: dotnet run -c Release --project docs/make -- make {name}"
        );
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Illustration_StandsOnItsPages(string name)
    {
        var illustration = Illustrations.Single(illustration => illustration.Name == name);
        Assert.All(illustration.Pages, page => Assert.True(File.Exists(Path.Combine(PackedLibrary.Repository, page)), page));
        Assert.All(
            illustration.Files.Values,
            file => Assert.True(File.Exists(Path.Combine(PackedLibrary.Repository, file)), file)
        );
        Assert.All(
            illustration.Pages.Where(_ => illustration.IsTable),
            page =>
                Assert.True(MarkdownTables.HasPlace(File.ReadAllText(Path.Combine(PackedLibrary.Repository, page)), name), page)
        );
    }

    [Fact]
    public void Tables_TakeTheirPlaceOnThePage_WithoutWhatElseIsPrinted()
    {
        const string Page = "Before\n<!-- table: speed -->\nold\n<!-- end of table -->\nAfter\n";
        string tables = MarkdownTables.Of("round 1\r\n| a    | b |\r\n| ---- | - |\r\n| 1    | 2 |\r\nround 2\r\n| c |\r\n");

        Assert.Equal("| a | b |\n| --- | --- |\n| 1 | 2 |\n\n| c |", tables);
        Assert.Equal(
            $"Before\n<!-- table: speed -->\n\n{tables}\n\n<!-- end of table -->\nAfter\n",
            MarkdownTables.Put(Page, "speed", tables)
        );
        Assert.False(MarkdownTables.HasPlace(Page, "size"));
        Assert.Throws<InvalidOperationException>(() => MarkdownTables.Put(Page, "size", tables));
    }

    /// <summary>A badge says what no run can change.</summary>
    [Fact]
    public void EveryPicture_HasACommand()
    {
        var made = Illustrations.SelectMany(illustration => illustration.Files.Values).ToHashSet();
        string[] others =
        [
            .. Directory
                .GetFiles(Path.Combine(PackedLibrary.Repository, "docs", "images"))
                .Select(Path.GetFileName)
                .Where(name => !name!.StartsWith("badge-", StringComparison.Ordinal) && !made.Contains($"docs/images/{name}"))!,
        ];
        Assert.Empty(others);
    }

    [Fact]
    public void Hash_FollowsTheText_NotTheNewlines()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["src"]);
        File.WriteAllText(folder["src/A.cs"], "one\ntwo\n");
        string first = IllustrationFiles.Hash(folder.Root, ["src"]);
        File.WriteAllText(folder["src/A.cs"], "one\r\ntwo\r\n");
        string windows = IllustrationFiles.Hash(folder.Root, ["src"]);
        File.WriteAllText(folder["src/A.cs"], "one\nthree\n");

        Assert.Equal(first, windows);
        Assert.NotEqual(first, IllustrationFiles.Hash(folder.Root, ["src"]));
        Assert.Throws<InvalidOperationException>(() => IllustrationFiles.Hash(folder.Root, ["nowhere"]));
    }
}
