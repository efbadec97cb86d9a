using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies;

public sealed class SvgParallelCoordinatesTests
{
    [Fact]
    public void Settings_AreLinesAcrossTheAxes_TheBestOnTop()
    {
        var search = new ParallelCoordinates(
            [("rate", [(0, "0.1"), (1, "1")]), ("final loss", [(0, "0.5"), (1, "0.9")])],
            [("<best>", [1, 0.5], 0), ("worst", [0, 0], 1)]
        );
        string[] parts =
        [
            $"<figure class=\"factors\"><figcaption>{ParallelCoordinates.Caption}</figcaption>",
            $"<svg class=\"chart parallel c0\" viewBox=\"0 0 290 260\" style=\"{SvgWidth.Of(290)}\" role=\"img\" ",
            "aria-label=\"each setting a line across its factors' values and its result\">",
            "<polyline points=\"60,236 230,236\" opacity=\"0.4\"><title>worst</title></polyline>",
            "<polyline points=\"60,34 230,135\" opacity=\"1\"><title>&lt;best&gt;</title></polyline>",
            "<path class=\"grid\" d=\"M60 34V236\"/><text x=\"60\" y=\"14\" text-anchor=\"middle\">rate</text>",
            Tick(55, 236, "0.1"),
            Tick(55, 34, "1"),
            "<path class=\"grid\" d=\"M230 34V236\"/><text x=\"230\" y=\"14\" text-anchor=\"middle\">final loss</text>",
            Tick(225, 236, "0.5"),
            Tick(225, 34, "0.9"),
            "</svg></figure>\n",
        ];
        Assert.Equal(string.Concat(parts), SvgParallelCoordinates.Draw(search));
    }

    [Theory]
    [InlineData(1, 1, 1, 1, 60 + 170 + 60)]
    [InlineData(10, 1, 1, 1, 114 + 170 + 60)] // labels of the first axis
    [InlineData(1, 20, 1, 1, 60 + 204 + 60)] // labels of the second
    [InlineData(1, 1, 30, 1, 135 + 170 + 60)] // half of the first name
    [InlineData(1, 1, 1, 30, 60 + 170 + 135)] // half of the second
    [InlineData(1, 1, 20, 20, 90 + 204 + 90)] // both names between the axes
    public void Texts_HaveRoom(int labels, int otherLabels, int name, int otherName, int width)
    {
        var search = new ParallelCoordinates(
            [(new('a', name), [(0, ""), (1, new('b', labels))]), (new('c', otherName), [(0, new('d', otherLabels))])],
            []
        );
        Assert.Contains($"viewBox=\"0 0 {width} 260\"", SvgParallelCoordinates.Draw(search), StringComparison.Ordinal);
    }

    [Fact]
    public void OneAxisWithoutTicks_IsDrawn()
    {
        string svg = SvgParallelCoordinates.Draw(new ParallelCoordinates([("a", [])], []));
        Assert.Contains("viewBox=\"0 0 120 260\"", svg, StringComparison.Ordinal);
    }

    private static string Tick(int x, int y, string label) =>
        $"<text x=\"{x}\" y=\"{y}\" dy=\".35em\" text-anchor=\"end\">{label}</text>";
}
