namespace VisionSeqModels.Tests;

/// <summary>The classes of tests that use <see cref="QuickRuns"/>.</summary>
[CollectionDefinition(QuickRuns.Collection)]
public sealed class QuickRunsCollection : ICollectionFixture<QuickRuns>;
