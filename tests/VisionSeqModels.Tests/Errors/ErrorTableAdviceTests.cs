using System.Reflection;
using System.Text.RegularExpressions;

namespace VisionSeqModels.Tests.Errors;

/// <summary>The pages in docs/errors say what to do about each error, and docs/errors.md leads to them.</summary>
public sealed partial class ErrorTableAdviceTests
{
    private const int MostRows = 60;

    /// <summary>An advice begins with one of these verbs, or with a situation: "If …", "For …".</summary>
    private static readonly HashSet<string> Beginnings =
    [
        .. (
            "Add Allow Ask Begin Build Call Cast Change Check Choose Compare Compute Convert Copy Correct Delete Divide Do "
            + "Download Draw Drop End Evaluate Explain Export Fill Find Fix Get Give Implement Install Keep Leave Let Load "
            + "Look Lower Make Measure Merge Move Name Narrow Open Override Pad Pass Pick Put Raise Read Reduce Register Remove "
            + "Rename Repeat Replace Reshape Resize Restore Return Run Save Scale Search Set Shorten Skip Split Start Stop Swap "
            + "Take Train Try Unpack Update Upgrade Use Wait Widen Write If For On In Where With Without"
        ).Split(' '),
    ];

    public static TheoryData<string> Pages => [.. ErrorPages.Names];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Page_IsShort_AndTheIndexLeadsToIt(string page)
    {
        Assert.InRange(ErrorPages.Rows.Count(row => row.Page == page), 1, MostRows);
        Assert.Contains($"](errors/{page})", ErrorPages.Index, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Advice_BeginsWithWhatToDo(string page) =>
        AssertNone(page, row => !Beginnings.Contains(row.Advice.Split(' ', ',')[0]));

    /// <summary>A piece of code is one word.</summary>
    [Theory]
    [MemberData(nameof(Pages))]
    public void Advice_HasFourToTwentyNineWords(string page) => AssertNone(page, row => WordCount(row.Advice) is < 4 or >= 30);

    /// <summary>It neither sends its reader back to the message nor to another row.</summary>
    [Theory]
    [MemberData(nameof(Pages))]
    public void Cells_StandForThemselves(string page) =>
        AssertNone(page, row => Reference().IsMatch(row.Advice) || Reference().IsMatch(row.Cause));

    [Theory]
    [InlineData("as it says", true)]
    [InlineData("as it says; nothing was written", true)]
    [InlineData("the same, of a reshape", true)]
    [InlineData("Load the same data.", false)]
    public void TheSearch_KnowsReferences(string cell, bool isReference) => Assert.Equal(isReference, Reference().IsMatch(cell));

    [Fact]
    public void Index_NamesEveryPublicException_ItsBaseAndItsProperties()
    {
        var types = typeof(Trainer).Assembly.GetExportedTypes().Where(type => type.IsSubclassOf(typeof(Exception))).ToList();
        Assert.NotEmpty(types);
        Assert.All(
            types,
            type =>
            {
                string row = Assert.Single(
                    ErrorPages.Index.Split('\n'),
                    line => line.StartsWith($"| `{type.Name}` | `{type.BaseType!.Name}` | ", StringComparison.Ordinal)
                );
                Assert.All(
                    type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly),
                    property => Assert.Contains($"`{property.Name}`", row, StringComparison.Ordinal)
                );
            }
        );
    }

    private static void AssertNone(string page, Func<ErrorRow, bool> isWrong)
    {
        string[] wrong =
        [
            .. ErrorPages.Rows.Where(row => row.Page == page && isWrong(row)).Select(row => $"{row.Id}: {row.Advice}"),
        ];
        Assert.True(wrong.Length == 0, string.Join('\n', wrong));
    }

    private static int WordCount(string advice) =>
        Code().Replace(advice, "X").Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;

    [GeneratedRegex(@"\bas it says\b|\bas above\b|^the same\b", RegexOptions.IgnoreCase)]
    private static partial Regex Reference();

    [GeneratedRegex("`[^`]*`")]
    private static partial Regex Code();
}
