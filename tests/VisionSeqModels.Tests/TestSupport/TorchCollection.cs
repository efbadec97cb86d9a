namespace VisionSeqModels.Tests;

[CollectionDefinition("Torch", DisableParallelization = true)]
public sealed class TorchCollection;
