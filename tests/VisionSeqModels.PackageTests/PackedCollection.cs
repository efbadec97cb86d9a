namespace VisionSeqModels.Tests;

/// <summary>The tests that use one packed library; they run one after another.</summary>
[CollectionDefinition(nameof(PackedCollection))]
public sealed class PackedCollection : ICollectionFixture<PackedLibrary>;
