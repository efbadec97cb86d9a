namespace VisionSeqModels.Models;

/// <summary>A model that knows the options it was built with, for run.json and checkpoints.</summary>
internal interface IConfiguredModel
{
    object Options { get; }
}
