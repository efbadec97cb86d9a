namespace VisionSeqModels.Tests.Conventions;

/// <summary>The house has floors: a lower one never uses an upper one (docs/architecture.md).</summary>
public sealed class FloorTests
{
    /// <summary>The one place that puts together what lies above it: the callbacks of a run folder.</summary>
    private const string CompositionRoot = "RunFolderCallbacks";

    private static readonly IReadOnlySet<(string User, string Used)> Uses = TypeUses.In(typeof(Trainer).Assembly.Location);

    [Fact]
    public void EverySourceFile_LiesOnAFloor() => Assert.Empty(Floors.StrayFolders);

    [Fact]
    public void EveryCompiledType_HasItsSourceOnAFloor() =>
        Assert.All(Uses.SelectMany(use => new[] { use.User, use.Used }), type => Assert.Contains(type, Floors.Files));

    [Fact]
    public void ALowerFloor_NeverUsesAnUpperOne()
    {
        var upward = Upward(Floors.Height)
            .Where(edge => !edge.Contains($"/{CompositionRoot} -> Callbacks/", StringComparison.Ordinal));
        Assert.True(!upward.Any(), $"These types use a type of a floor above their own:\n{string.Join('\n', upward)}");
    }

    [Fact]
    public void NoTwoFloors_UseEachOther_ButForTheCompositionRoot()
    {
        var pairs = Uses.Where(use => use.User != CompositionRoot)
            .Select(use => (From: Floors.Of(use.User), To: Floors.Of(use.Used)))
            .Where(pair => pair.From != pair.To)
            .ToHashSet();
        Assert.All(pairs, pair => Assert.DoesNotContain((pair.To, pair.From), pairs));
    }

    /// <summary>The checks above can fail: with the floors upside down nearly every use goes upward.</summary>
    [Fact]
    public void TheCheck_SeesUpwardUses() => Assert.True(Upward(floor => -Floors.Height(floor)).Count() > 100);

    [Fact]
    public void Architecture_ShowsTheFloorsAsTheyAre() => ArchitecturePage.AssertShows(Uses);

    private static IEnumerable<string> Upward(Func<string, int> height) =>
        Uses.Where(use => height(Floors.Of(use.User)) < height(Floors.Of(use.Used)))
            .Select(use => $"{Floors.Of(use.User)}/{use.User} -> {Floors.Of(use.Used)}/{use.Used}")
            .Order(StringComparer.Ordinal);
}
