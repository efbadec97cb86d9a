using VisionSeqModels.Studies;
using static VisionSeqModels.Tests.Studies.MadeUpTrials;

namespace VisionSeqModels.Tests.Studies;

/// <summary>Grids of eight seeds. Differences are multiples of 1/128, so that they are exact.</summary>
public sealed class EffectTableTests
{
    private const double Small = 1 / 128.0;

    /// <summary>The second rate brings 1/8, give or take 1/128: t = 16 √7 with seven degrees of freedom, p = 1.07e-9.</summary>
    [Fact]
    public void Rows_AreMainEffects_ThenInteractions()
    {
        var table = Table((rate, _, shake) => rate * (0.125 + shake));
        Assert.Equal(["effect", "of", "difference", "95 % interval", "p, corrected", "verdict"], table.Columns);
        Assert.Equal(
            [
                ["rate", "2 against 1", "+0.1250", "+0.1180 to +0.1320", "3.2e-9", "better"],
                ["size", "64 against 32", "0.0000", "", "1.000", "no difference larger than 0.01"],
                ["rate × size", "2 with 64", "0.0000", "", "1.000", "none larger than 0.01"],
            ],
            table.Cells
        );
    }

    [Fact]
    public void Verdicts_AreWorse_Undecided_AndAnInteraction()
    {
        var table = Table((rate, size, shake) => (rate * size * (-0.25 - shake)) + (size * 4 * shake));
        Assert.Equal(["worse", "worse", "they interact"], table.Cells.Select(row => row[^1]));
        var open = Table((rate, size, shake) => (rate * 4 * shake) + (size * 8 * shake) + (rate * size * 16 * shake));
        Assert.Equal(["undecided", "undecided", "undecided"], open.Cells.Select(row => row[^1]));
    }

    [Theory]
    [InlineData(1 / 4096.0, 1.0, "+0.9998")]
    [InlineData(1.0, 1 / 4096.0, "-0.9998")]
    [InlineData(1 / 4096.0, 2 / 4096.0, "+2.441e-4")]
    public void Difference_IsWrittenAsTheLargerMeanIs(double first, double second, string text) =>
        Assert.Equal(text, Table((rate, _, _) => (rate == 0 ? first : second) - 0.5).Cells[0][2]);

    [Fact]
    public void SeedWithoutAResult_InEachCell_LeavesNothingToSay()
    {
        var summary = new StudySummary(
            TheStudy with
            {
                Plan = StudyPlanKind.Grid,
            },
            [.. Cells().Select(cell => Trial($"{cell}", null, 1, null, ("rate", $"{cell.Rate}"), ("size", $"{cell.Size}")))]
        );
        var table = new EffectTable(new StudyConclusion(summary));
        Assert.Equal(["rate", "1 against 0", "", "", "", "undecided"], table.Cells[0]);
        Assert.Equal(3, table.Cells.Count);
    }

    [Fact]
    public void StudyThatIsNoGrid_HasNone() =>
        Assert.Empty(new EffectTable(new StudyConclusion(Summary(Trial("a", 1), Trial("b", 2)))).Cells);

    private static IEnumerable<(int Rate, int Size)> Cells() => [(0, 0), (0, 1), (1, 0), (1, 1)];

    private static EffectTable Table(Func<int, int, double, double> value) =>
        new(
            new StudyConclusion(
                new StudySummary(
                    TheStudy with
                    {
                        EquivalenceMargin = 0.01,
                        Plan = StudyPlanKind.Grid,
                    },
                    [
                        .. Cells()
                            .SelectMany(cell =>
                                Seeds(
                                    $"{cell}",
                                    [
                                        .. Enumerable
                                            .Range(0, 8)
                                            .Select(i => 0.5 + value(cell.Rate, cell.Size, i % 2 == 0 ? -Small : Small)),
                                    ],
                                    ("rate", $"{cell.Rate + 1}"),
                                    ("size", $"{32 * (cell.Size + 1)}")
                                )
                            ),
                    ]
                )
            )
        );
}
