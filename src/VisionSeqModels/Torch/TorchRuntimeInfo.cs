namespace VisionSeqModels.Torch;

/// <summary>The versions and the machine behind a result; run.json has them.</summary>
public sealed record TorchRuntimeInfo
{
    /// <summary>The version of this library.</summary>
    public required string VisionSeqModels { get; init; }

    /// <summary>The version of TorchSharp.</summary>
    public required string TorchSharp { get; init; }

    /// <summary>The version of .NET.</summary>
    public required string Dotnet { get; init; }

    /// <summary>The operating system.</summary>
    public required string OperatingSystem { get; init; }

    /// <summary>The processor's architecture.</summary>
    public required string Architecture { get; init; }

    /// <summary>The processors that the process may use.</summary>
    public required int ProcessorCount { get; init; }

    /// <summary>Whether libtorch finds a CUDA GPU.</summary>
    public required bool CudaIsAvailable { get; init; }
}
