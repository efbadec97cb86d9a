namespace VisionSeqModels;

/// <summary>What the output of an exported graph is.</summary>
public enum OnnxOutput
{
    /// <summary>What the model gives: scores before the softmax or sigmoid, or values.</summary>
    Scores,

    /// <summary>Probabilities: the softmax of class scores over the last dimension (of maps <c>[batch, classes, height,
    /// width]</c> over the second), or the sigmoid of each independent label.</summary>
    Probabilities,

    /// <summary>Values in the units of the targets: the graph undoes <see cref="OnnxOptions.Targets"/>.</summary>
    Values,
}
