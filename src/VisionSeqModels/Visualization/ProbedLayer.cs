namespace VisionSeqModels.Visualization;

/// <summary>A layer to look at.</summary>
/// <param name="Name">The name of its call, for example <c>relu#2</c>.</param>
/// <param name="Title">Its title in pictures, for example <c>conv1 after ReLU</c>.</param>
/// <param name="IsImageLine">Whether what it gives is <c>[batch, channels, length]</c>, and not <c>[batch, steps,
/// units]</c>.</param>
internal sealed record ProbedLayer(string Name, string Title, bool IsImageLine = false);
