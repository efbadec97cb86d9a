namespace VisionSeqModels.Models;

/// <summary>A model that knows the options it was built with, for run.json and checkpoints.</summary>
internal interface IConfiguredModel
{
    object Options { get; }

    /// <summary>The shape of one input, with a batch of one.</summary>
    long[] InputShape { get; }
}
