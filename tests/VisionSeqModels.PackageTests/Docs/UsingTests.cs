using Xunit.Abstractions;

namespace VisionSeqModels.Tests.Docs;

/// <summary>A reader needs at most four usings for any page of the documentation, and for any whole program on it.</summary>
[Collection(PackedCollections.Docs)]
public sealed class UsingTests(BlockCompiler compiler, ITestOutputHelper log) : IClassFixture<BlockCompiler>
{
    private const int Maximum = 4;

    public static TheoryData<string> Pages =>
        [.. MarkdownPage.All.Where(page => Blocks(page.Name).Any()).Select(page => page.Name)];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Page_NeedsAtMostFourUsings(string page)
    {
        var needs = Blocks(page)
            .SelectMany(block =>
                compiler.NeededUsings(block).Select(directive => (Reader: Reader(block), Directive: directive, block.Line))
            )
            .GroupBy(need => need.Reader)
            .ToDictionary(
                reader => reader.Key,
                reader => reader.GroupBy(need => need.Directive, need => need.Line).OrderBy(lines => lines.Key).ToList()
            );
        var lists = needs.ToDictionary(
            need => need.Key,
            need =>
                string.Join(
                    '\n',
                    need.Value.Select(lines => $"{lines.Key} // lines {string.Join(", ", lines)}").Prepend($"{need.Key}:")
                )
        );
        foreach (string list in lists.Values)
        {
            log.WriteLine(list);
        }

        string[] tooMany = [.. needs.Where(need => need.Value.Count > Maximum).Select(need => lists[need.Key])];
        Assert.True(
            tooMany.Length == 0,
            $"{page} needs more than {Maximum} usings:\n{string.Join('\n', tooMany)}\n"
                + "Move what a user types first to the namespace VisionSeqModels, or divide the page."
        );
    }

    /// <summary>An extension method, a type, a static member and a namespace that nothing needs.</summary>
    [Fact]
    public void Compiler_NamesTheUsingsThatABlockNeeds()
    {
        var fragment = new CodeBlock("docs/page.md", 1, "csharp", "", "model.SaveWeights(\"w\");\nusing var x = zeros(1);\n");
        Assert.Equal(
            ["using VisionSeqModels;", "using static TorchSharp.torch;"],
            compiler.NeededUsings(fragment).Order(StringComparer.Ordinal)
        );
        var program = new CodeBlock(
            "docs/page.md",
            1,
            "csharp",
            "own",
            "using TorchSharp;\nusing VisionSeqModels;\nConsole.WriteLine(new TrainerOptions().Epochs);\n"
        );
        Assert.Equal(["using VisionSeqModels;"], compiler.NeededUsings(program));
    }

    /// <summary>Fragments of a page are read together, a whole program is a file of its own.</summary>
    private static string Reader(CodeBlock block) =>
        block.Program.Length > 0 ? $"the program '{block.Program}'" : "the fragments";

    private static IEnumerable<CodeBlock> Blocks(string page) =>
        MarkdownPage.All.Single(other => other.Name == page).Blocks.Where(block => block is { Language: "csharp", Step: "" });
}
