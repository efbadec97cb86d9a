using Xunit.Abstractions;

namespace VisionSeqModels.Tests.KnownAnswers;

/// <summary>Pictures become the bytes that Pillow reads in them. VISIONSEQ_PICTURES says how many are generated; the usual
/// number is 300.</summary>
public sealed class PictureAnswersTests(ITestOutputHelper output)
{
    [Fact]
    public void StoredPictures_AreReadAsPillowReadsThem()
    {
        using var folder = new TempFolder();
        PictureAnswers.UnpackStored(folder.Root);
        Check(folder.Root);
    }

    [PillowFact]
    public void GeneratedPictures_AreReadAsPillowReadsThem()
    {
        string count = Environment.GetEnvironmentVariable("VISIONSEQ_PICTURES") is { Length: > 0 } text ? text : "300";
        using var folder = new TempFolder();
        Pillow.Run("pillow.py", folder.Root, count, "1");
        Check(folder.Root);
    }

    private void Check(string folder)
    {
        var results = PictureAnswers.Compare(folder);
        Assert.True(results.Count > 25, $"only {results.Count} kinds");
        foreach (var (kind, result) in results)
        {
            output.WriteLine($"{kind, -20}{result}");
        }

        Assert.All(
            results,
            entry => Assert.All(entry.Value.Levels, level => Assert.InRange(level.Most, 0, entry.Value.IsLossless ? 0 : 2))
        );
    }
}
