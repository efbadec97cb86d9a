using SkiaSharp;
using VisionSeqModels.Drawing;

namespace VisionSeqModels.Tests.Drawing;

/// <summary>The promise of <see cref="ChartPalette"/>: colours can be distinguished with any colour vision.</summary>
public sealed class ChartPaletteTests
{
    private const double LeastDistance = 20; // CIE76; about 2 is just noticeable side by side
    private const double LeastContrast = 3; // WCAG 2.2, 1.4.11, for graphical objects
    private const string DarkGround = "#16181b"; // of ReportPageStyle

    /// <summary>Machado, Oliveira and Fernandes, "A physiologically-based model for simulation of color vision deficiency"
    /// (2009), severity 1, for linear RGB.</summary>
    private static readonly Dictionary<string, double[,]> Visions = new()
    {
        ["full"] = new double[,]
        {
            { 1, 0, 0 },
            { 0, 1, 0 },
            { 0, 0, 1 },
        },
        ["protanopia"] = new[,]
        {
            { 0.152286, 1.052583, -0.204868 },
            { 0.114503, 0.786281, 0.099216 },
            { -0.003882, -0.048116, 1.051998 },
        },
        ["deuteranopia"] = new[,]
        {
            { 0.367322, 0.860646, -0.227968 },
            { 0.280085, 0.672501, 0.047413 },
            { -0.011820, 0.042940, 0.968881 },
        },
        ["tritanopia"] = new[,]
        {
            { 1.255528, -0.076749, -0.178779 },
            { -0.078411, 0.930809, 0.147602 },
            { 0.004733, 0.691367, 0.303900 },
        },
    };

    public static TheoryData<string> AllVisions => [.. Visions.Keys];

    [Theory]
    [MemberData(nameof(AllVisions))]
    public void AnyTwoColours_AreFarApart(string vision)
    {
        foreach (var palette in new[] { ChartPalette.Light, ChartPalette.Dark })
        {
            for (int i = 0; i < palette.Count; i++)
            {
                for (int j = 0; j < i; j++)
                {
                    double distance = Distance(palette[i], palette[j], vision);
                    Assert.True(distance >= LeastDistance, $"{palette[i]} and {palette[j]}, {vision}: {distance:f1}");
                }
            }
        }
    }

    /// <summary>What docs/visualizers/drawing.md says of lines.</summary>
    [Theory]
    [InlineData("full")]
    [InlineData("protanopia")]
    [InlineData("deuteranopia")]
    public void AnyTwoOf24Lines_AreDistinguishable(string vision)
    {
        const double Enough = 15;
        var looks = Enumerable.Range(0, 24).Select(ChartLook.Of).ToList();
        foreach (var palette in new[] { ChartPalette.Light, ChartPalette.Dark })
        {
            double Apart(int i, int j) => Distance(palette[looks[i].Color], palette[looks[j].Color], vision);
            Assert.All(Enumerable.Range(0, 23), i => Assert.True(Apart(i, i + 1) >= Enough, $"{i} and {i + 1}"));
            for (int i = 0; i < looks.Count; i++)
            {
                for (int j = 0; j < i; j++)
                {
                    bool shapes = looks[i].Marker != looks[j].Marker && looks[i].Dash != looks[j].Dash;
                    Assert.True(Apart(i, j) >= Enough || shapes, $"{looks[i]} and {looks[j]}");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(AllVisions))]
    public void ColoursOfNaNAndInfinity_AreFarFromAllMaps_AndFromEachOther(string vision)
    {
        string nan = ColorMaps.NotANumber.ToString(),
            infinite = ColorMaps.Infinite.ToString();
        Assert.True(Distance(nan, infinite, vision) >= 15);
        foreach (var map in Enum.GetValues<ColorMap>())
        {
            var colors = Enumerable.Range(0, 101).Select(i => ColorMaps.At(map, i / 100.0).ToString());
            Assert.All(
                colors,
                color => Assert.True(Math.Min(Distance(nan, color, vision), Distance(infinite, color, vision)) >= 15, color)
            );
        }
    }

    [Fact]
    public void SvgHasTheColoursAndDashesOfPng()
    {
        Assert.All(ChartPalette.Light, color => Assert.Contains(color, CurvePalette.Css, StringComparison.Ordinal));
        Assert.Contains("stroke-dasharray: 10 3 2 3", CurvePalette.Css, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryColour_HasContrastWithItsGround()
    {
        Assert.All(ChartPalette.Light, color => Assert.True(Contrast(color, "#ffffff") >= LeastContrast, color));
        Assert.All(ChartPalette.Dark, color => Assert.True(Contrast(color, DarkGround) >= LeastContrast, color));
    }

    [Theory]
    [MemberData(nameof(AllVisions))]
    public void EndsOfTheDivergingMap_AndItsMiddle_AreFarApart(string vision)
    {
        string[] places = [.. new[] { 0, 0.25, 0.5, 0.75, 1 }.Select(at => ColorMaps.At(ColorMap.Diverging, at).ToString())];
        Assert.True(Distance(places[1], places[3], vision) >= LeastDistance, $"{places[1]} and {places[3]}");
        Assert.All([0, 4], end => Assert.True(Distance(places[end], places[2], vision) >= LeastDistance, places[end]));
    }

    [Fact]
    public void Measure_IsTheKnownOne()
    {
        Assert.Equal(100, Distance("#000000", "#ffffff", "full"), 1e-3); // L* of white
        Assert.Equal(21, Contrast("#000000", "#ffffff"), 1e-4);
        Assert.InRange(Distance("#d04a02", "#a87400", "deuteranopia"), 0, 5); // two colours that were too near each other
    }

    private static double Distance(string first, string second, string vision)
    {
        double[] a = Lab(Seen(first, vision)),
            b = Lab(Seen(second, vision));
        return Math.Sqrt(a.Zip(b, (x, y) => (x - y) * (x - y)).Sum());
    }

    private static double Contrast(string first, string second)
    {
        double a = Xyz(Linear(first))[1] + 0.05,
            b = Xyz(Linear(second))[1] + 0.05;
        return Math.Max(a, b) / Math.Min(a, b);
    }

    private static double[] Seen(string color, string vision) =>
        [.. Times(Visions[vision], Linear(color)).Select(value => Math.Clamp(value, 0, 1))];

    private static double[] Linear(string color)
    {
        var parsed = SKColor.Parse(color);
        return
        [
            .. new[] { parsed.Red, parsed.Green, parsed.Blue }
                .Select(level => level / 255.0)
                .Select(value => value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4)),
        ];
    }

    private static double[] Xyz(double[] rgb) =>
        Times(
            new[,]
            {
                { 0.4124564, 0.3575761, 0.1804375 },
                { 0.2126729, 0.7151522, 0.0721750 },
                { 0.0193339, 0.1191920, 0.9503041 },
            },
            rgb
        );

    private static double[] Lab(double[] rgb)
    {
        double[] xyz = Xyz(rgb);
        double[] f =
        [
            .. xyz.Zip([0.95047, 1, 1.08883], (value, white) => value / white)
                .Select(t => t > 216.0 / 24389 ? Math.Cbrt(t) : ((24389.0 / 27 * t) + 16) / 116),
        ];
        return [(116 * f[1]) - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])];
    }

    private static double[] Times(double[,] matrix, double[] vector) =>
        [.. Enumerable.Range(0, 3).Select(row => Enumerable.Range(0, 3).Sum(column => matrix[row, column] * vector[column]))];
}
