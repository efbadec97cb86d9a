using VisionSeqModels.Studies;
using static VisionSeqModels.Tests.Studies.MadeUpTrials;

namespace VisionSeqModels.Tests.Studies;

public sealed class StudyTextLinesTests
{
    [Fact]
    public void Text_HasARowASetting_AndSentencesBrokenAtWords() =>
        Assert.Equal(
            """
            setting  test accuracy  outcome
            a        0.5000         completed
            bc       0.7500         completed

            The best final test accuracy is that of “bc”:
            0.7500. One seed says nothing about chance.
            - rate bc against a: undecided. Final test
              accuracy 0.7500 against 0.5000: +0.2500. One
              seed says nothing about chance.

            """.ReplaceLineEndings("\n"),
            StudyText.Of(new StudyReport(Summary(Trial("a", 0.5), Trial("bc", 0.75))), 46)
        );

    /// <summary>The columns of numbers take 25 of them, gaps included.</summary>
    [Theory]
    [InlineData(43, "name with a lett…  0.5000         completed")]
    [InlineData(44, "name with a letter  0.5000         completed")]
    [InlineData(20, "name with…  0.5000 …")]
    public void LongName_IsCut(int columns, string line) =>
        Assert.Equal(line, StudyText.Of(new StudyReport(Summary(Trial("name with a letter", 0.5))), columns).Split('\n')[1]);
}
