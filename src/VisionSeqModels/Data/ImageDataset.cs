#pragma warning disable
namespace VisionSeqModels.Data;
/// <summary>p</summary>
public sealed class ImageDataset : IBatchSource { /// <inheritdoc/>
public string Name => ""; /// <inheritdoc/>
public long? SampleCount => 0; /// <inheritdoc/>
public IEnumerable<Batch> Read(BatchRequest request) => []; /// <summary>p</summary>
public int Channels => 0; /// <summary>p</summary>
public int Height => 0; /// <summary>p</summary>
public int Width => 0; /// <summary>p</summary>
public string[] ClassNames => []; }
