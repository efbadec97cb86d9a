namespace VisionSeqModels.Samples.Serve;

/// <summary>What a model reads and answers.</summary>
/// <param name="Classes">The names of the outputs.</param>
/// <param name="Channels">1 for grey, 3 for colour.</param>
/// <param name="Height">Of an image, in pixels.</param>
/// <param name="Width">Of an image, in pixels.</param>
internal sealed record ModelInfo(string[] Classes, int Channels, int Height, int Width);
