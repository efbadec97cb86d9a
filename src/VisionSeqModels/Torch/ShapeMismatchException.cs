namespace VisionSeqModels.Torch;

/// <summary>A tensor does not have the shape that a model or a loss was made for; the message names both shapes.</summary>
public sealed class ShapeMismatchException : ArgumentException
{
    internal ShapeMismatchException(string message)
        : base(message) { }
}
