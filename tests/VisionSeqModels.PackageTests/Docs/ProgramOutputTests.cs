namespace VisionSeqModels.Tests.Docs;

/// <summary>A page shows what its programs print, and steps that are parts of them.</summary>
public sealed class ProgramOutputTests
{
    private const string Printed = "2 classes\r\nepoch 1/2  loss 1.25  0.4 s\nepoch 2/2  loss 0.5  0.3 s\n\nconv1: -3.5 %\n";

    public static TheoryData<string> Steps => [.. Blocks.Where(block => block.Step.Length > 0).Select(block => block.ToString())];

    public static TheoryData<string> Outputs =>
        [.. Blocks.Where(block => block.Output.Length > 0).Select(block => block.ToString())];

    private static IEnumerable<CodeBlock> Blocks => MarkdownPage.All.SelectMany(page => page.Blocks);

    [Theory]
    [InlineData("2 classes\nepoch 1/2  loss 1.25  0.4 s\nepoch 2/2  loss 0.5  0.3 s\nconv1: -3.5 %\n")]
    [InlineData("9 classes\nepoch 7/8 loss 99 1 s\nepoch 8/8 loss 0.0001 12.3 s\n\n\nconv1: 44,000.0 %\n")]
    [InlineData("2 classes\n…\nconv1: 1 %\n")]
    [InlineData("…\nepoch 1/2  …  0.4 s\nepoch …\n…\n")]
    [InlineData("2 classes\n", "epoch 1/2  loss 1.25  0.4 s\n…\n", "conv1: 0 %\n")]
    public void RightOutput_Passes_WithOtherNumbers(params string[] blocks) => Assert.Null(Fault(blocks));

    [Theory]
    [InlineData(5, "2 groups\n…\n")]
    [InlineData(6, "2 classes\nepoch 2 of 2\n…\n")]
    [InlineData(7, "2 classes\n…\nconv2: -3.5 %\n")]
    [InlineData(5, "epoch 1/2  …\n2 classes\n…\n")]
    [InlineData(6, "2 classes\nepoch 1/2  loss …  0.4 h\n…\n")]
    [InlineData(6, "…\nresult 3\n", "…\n")]
    public void WrongOutput_IsAFault_ThatNamesTheLine(int line, params string[] blocks) =>
        Assert.StartsWith($"docs/page.md:{line}: the program did not print", Fault(blocks), StringComparison.Ordinal);

    [Fact]
    public void OutputThatThePageDoesNotShow_IsAFault() =>
        Assert.StartsWith("docs/page.md: the program printed more", Fault(["2 classes\n"]), StringComparison.Ordinal);

    /// <summary>So a step compiles and runs, since the program does.</summary>
    [Theory]
    [MemberData(nameof(Steps))]
    public void Step_IsAPartOfItsProgram(string place)
    {
        var step = Blocks.Single(block => block.ToString() == place);
        Assert.Contains(step.Code.Trim(), Program(step.Page, step.Step).Code, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Outputs))]
    public void Output_BelongsToAProgramOfItsPage(string place)
    {
        var output = Blocks.Single(block => block.ToString() == place);
        Assert.Equal(output.Output, Program(output.Page, output.Output).Program);
    }

    private static CodeBlock Program(string page, string name) =>
        Blocks.Single(block => block.Page == page && block.Program == name);

    /// <summary>The blocks stand on a page one behind the other, from line 5 on.</summary>
    private static string? Fault(string[] texts) =>
        ProgramOutput.Fault([.. texts.Select(text => new CodeBlock("docs/page.md", 5, "", "", text))], Printed);
}
