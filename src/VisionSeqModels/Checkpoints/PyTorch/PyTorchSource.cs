namespace VisionSeqModels.Checkpoints;

/// <summary>An open PyTorch file: what its pickle holds, and where the bytes of its storages are.</summary>
/// <param name="Root">The pickle's value.</param>
/// <param name="IsBigEndian">Whether the storages' numbers have their high bytes first.</param>
/// <param name="Read">Calls back with a stream that begins with a storage's bytes, or throws FormatException.</param>
internal sealed record PyTorchSource(object? Root, bool IsBigEndian, Action<PickleStorage, Action<Stream>> Read);
