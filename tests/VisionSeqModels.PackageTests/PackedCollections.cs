namespace VisionSeqModels.Tests;

/// <summary>The collections of tests that use the packed library. Two run at a time; most of the time they wait for
/// builds.</summary>
public static class PackedCollections
{
    public const string Docs = "The packed library and the documentation";
    public const string Projects = "The packed library in projects";
    public const string Hosts = "The packed library in other hosts";

    [CollectionDefinition(Docs)]
    public sealed class ForDocs : ICollectionFixture<Packed>;

    [CollectionDefinition(Projects)]
    public sealed class ForProjects : ICollectionFixture<Packed>;

    [CollectionDefinition(Hosts)]
    public sealed class ForHosts : ICollectionFixture<Packed>;
}
