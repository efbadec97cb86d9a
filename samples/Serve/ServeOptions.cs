namespace VisionSeqModels.Samples.Serve;

/// <summary>What the command line says.</summary>
internal sealed record ServeOptions
{
    /// <summary>The ONNX file.</summary>
    public required string Model { get; init; }

    /// <summary>Where to listen.</summary>
    public string Url { get; init; } = "http://localhost:5080";

    /// <summary>The largest body in bytes.</summary>
    public long MaxBytes { get; init; } = 10 << 20;

    /// <summary>The most pixels of a picture, before it is decoded.</summary>
    public long MaxPixels { get; init; } = 40_000_000;

    /// <summary>Images that are computed at once.</summary>
    public int Concurrency { get; init; } = Environment.ProcessorCount;

    /// <summary>Requests that wait for their turn; those beyond are refused with 503.</summary>
    public int Queue { get; init; } = 8 * Environment.ProcessorCount;

    /// <summary>Open connections; those beyond are closed.</summary>
    public int Connections { get; init; } = 512;

    /// <summary>How a picture gets the model's size; null: as the model's file says.</summary>
    public ImageResize? Resize { get; init; }

    /// <summary>The colour behind and beside a picture; null: as the model's file says.</summary>
    public string? Background { get; init; }
}
