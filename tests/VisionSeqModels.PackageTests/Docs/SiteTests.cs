namespace VisionSeqModels.Tests.Docs;

/// <summary>The site of all pages and the API reference builds without a dead link.</summary>
public sealed class SiteTests
{
    [Fact]
    public void Site_IsBuilt_WithoutAWarning()
    {
        string program = Path.Combine(
            PackedLibrary.Repository,
            "docs",
            "make",
            "bin",
            PackedLibrary.Configuration,
            "net10.0",
            "DocsMake.dll"
        );
        Dotnet.Run(PackedLibrary.Repository, program, "site");

        string site = Path.Combine(PackedLibrary.Repository, "artifacts", "site", "html");
        string front = File.ReadAllText(Path.Combine(site, "index.html"));
        Assert.Contains("VisionSeqModels", front, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(site, "api", "VisionSeqModels.Trainer.html")), "The API reference lacks Trainer.");
        Assert.True(File.Exists(Path.Combine(site, "index.json")), "The site has no index to search in.");
    }
}
