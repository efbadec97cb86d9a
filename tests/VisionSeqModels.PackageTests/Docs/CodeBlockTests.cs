using Xunit.Abstractions;

namespace VisionSeqModels.Tests.Docs;

/// <summary>Every C# block of the documentation compiles against the packed library, and every whole program runs.</summary>
[Collection(PackedCollections.Docs)]
public sealed class CodeBlockTests(BlockCompiler compiler, ITestOutputHelper log) : IClassFixture<BlockCompiler>
{
    private const string QuickProgram = "quick"; // ConsumerTests runs it, as a project

    public static TheoryData<string> Blocks => [.. All.Select(block => block.ToString())];

    public static TheoryData<string> Programs =>
        [.. All.Where(block => block.Program is not ("" or QuickProgram)).Select(block => block.ToString())];

    private static IEnumerable<CodeBlock> All =>
        MarkdownPage.All.SelectMany(page => page.Blocks).Where(block => block is { Language: "csharp", Step: "" });

    [Theory]
    [MemberData(nameof(Blocks))]
    public void Block_Compiles(string place)
    {
        var faults = compiler.Faults(Block(place));
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void Program_Runs(string place)
    {
        var program = Block(place);
        string folder = compiler.CreateFolder(program.Program);
        string files = Path.Combine(PackedLibrary.Repository, "tests", "VisionSeqModels.PackageTests", "Docs", program.Program);
        foreach (string file in Directory.Exists(files) ? Directory.GetFiles(files) : []) // what the page says is there
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        string output = compiler.Run(program, folder);
        log.WriteLine(output);
        Assert.NotEmpty(output.Trim());
        var shown = MarkdownPage.All.Single(page => page.Name == program.Page).Blocks.Where(Shows(program)).ToList();
        Assert.Null(shown.Count == 0 ? null : ProgramOutput.Fault(shown, output));
        TutorialPictures.Check(program, folder);
    }

    [Fact]
    public void Compiler_NamesPageLineAndMember_WhereABlockUsesWhatIsNotThere()
    {
        var block = new CodeBlock(
            "docs/page.md",
            7,
            "csharp",
            "",
            "int epochs = new TrainerOptions().Epochs;\nint rounds = epochs + new TrainerOptions().Rounds;\n"
        );
        string fault = Assert.Single(compiler.Faults(block));
        Assert.StartsWith("docs/page.md:8: CS1061", fault, StringComparison.Ordinal);
        Assert.Contains("'Rounds'", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Fences_NameALanguageThatIsKnown_SoThatNoCodeIsOverlooked() =>
        Assert.Empty(
            MarkdownPage
                .All.SelectMany(page => page.Blocks)
                .Where(block => block.Language is not ("" or "csharp" or "fsharp" or "python" or "sql" or "xml" or "trace"))
                .Select(block => block.ToString())
        );

    private static Func<CodeBlock, bool> Shows(CodeBlock program) => block => block.Output == program.Program;

    private static CodeBlock Block(string place) => All.Single(block => block.ToString() == place);
}
