using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies;

public sealed class SvgGridMapTests
{
    [Fact]
    public void Map_IsATableOfColours_WithItsNumbers()
    {
        var map = new GridMap(
            "rate",
            "size",
            ["1", "2"],
            ["32", "64"],
            new[,]
            {
                { 0, 0.5 },
                { double.NaN, 1 },
            }
        );
        string[] parts =
        [
            "<figure class=\"factors\"><figcaption>accuracy by rate (rows) and size (columns)</figcaption>",
            "<svg class=\"chart gridmap c0\" viewBox=\"0 0 151 110\" style=\"min-width:128px;max-width:196px\" role=\"img\" ",
            "aria-label=\"accuracy by rate (rows) and size (columns)\">",
            Text(85, 10, "middle", "size"),
            Text(15, 33, "end", ""), // no room for it
            Text(53, 33, "middle", "32"),
            Text(117, 33, "middle", "64"),
            Text(15, 63, "end", "1"),
            Cell(22, 49, "0.08"),
            Text(53, 63, "middle", "0.0000"),
            Cell(86, 49, "0.29"),
            Text(117, 63, "middle", "0.5000"),
            Text(15, 93, "end", "2"),
            Cell(22, 79, "0"),
            Text(53, 93, "middle", "none"),
            Cell(86, 79, "0.5"),
            Text(117, 93, "middle", "1.0000"),
            "</svg></figure>\n",
        ];
        Assert.Equal(string.Concat(parts), SvgGridMap.Draw(map, "accuracy"));
    }

    [Fact]
    public void EqualValues_AreAllAlike_InCellsAsWideAsTheirNames()
    {
        var map = new GridMap(
            "a & b",
            "size",
            ["four"],
            ["seven letters"],
            new[,]
            {
                { 1e-5 },
            }
        );
        string svg = SvgGridMap.Draw(map, "loss");
        Assert.Contains("viewBox=\"0 0 179 80\"", svg, StringComparison.Ordinal); // 12 + 4 · 9, 12 + 13 · 9
        Assert.Contains(">a &amp; b</text>", svg, StringComparison.Ordinal);
        Assert.Contains("width=\"127\" height=\"28\" fill=\"currentColor\" fill-opacity=\"0.3\"", svg, StringComparison.Ordinal);
        Assert.Contains(">1.000e-5</text>", svg, StringComparison.Ordinal);
    }

    [Fact]
    public void MapWithoutAnyResult_HasNone()
    {
        string svg = SvgGridMap.Draw(
            new GridMap(
                "a",
                "b",
                ["1"],
                ["2"],
                new[,]
                {
                    { double.NaN },
                }
            ),
            "loss"
        );
        Assert.Contains("fill-opacity=\"0\"", svg, StringComparison.Ordinal);
        Assert.Contains(">none</text>", svg, StringComparison.Ordinal);
    }

    private static string Text(int x, int y, string anchor, string text) =>
        $"<text x=\"{x}\" y=\"{y}\" dy=\".35em\" text-anchor=\"{anchor}\">{text}</text>";

    private static string Cell(int x, int y, string fullness) =>
        $"<rect x=\"{x}\" y=\"{y}\" width=\"62\" height=\"28\" fill=\"currentColor\" fill-opacity=\"{fullness}\"/>";
}
