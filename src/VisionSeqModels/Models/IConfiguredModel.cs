namespace VisionSeqModels;

/// <summary>A model that knows the options it was built with.</summary>
/// <remarks>Implement it in a model of your own: its options then stand in <c>run.json</c> under <c>model.options</c>, in the
/// settings of a study's report, and in TensorBoard's table of hyperparameters. Options are written as JSON, property by
/// property, so use a record of numbers, texts, booleans, enums, and lists or records of these.</remarks>
public interface IConfiguredModel
{
    /// <summary>The options; they do not change once the model is built.</summary>
    object Options { get; }

    /// <summary>The shape of an input with a batch of one, for example <c>[1, 3, 32, 32]</c>, for
    /// <see cref="ModelSummaryExtensions.Summary"/> without a shape; null (default) where the options do not fix it.</summary>
    IReadOnlyList<long>? InputShape => null;

    /// <summary>What the outputs are; default <see cref="ModelOutput.Classes"/>. The trainer's default loss and metrics follow
    /// from it.</summary>
    ModelOutput Output => ModelOutput.Classes;

    /// <summary>Whether the model gives an output for each step of a sequence, <c>[batch, time, outputs]</c>; default false.
    /// Losses and metrics then get every step as a sample of its own, without the steps after a sequence's end: outputs
    /// <c>[steps, outputs]</c>, targets <c>[steps]</c> or <c>[steps, outputs]</c>.</summary>
    bool OutputsEachStep => false;
}
