using Microsoft.Extensions.Logging;
using VisionSeqModels.Core;
using VisionSeqModels.Data;

namespace VisionSeqModels;

/// <summary>How to load a data set.</summary>
public sealed record DatasetOptions
{
    /// <summary>Whether to download missing files; default true.</summary>
    public bool Download { get; init; } = true;

    /// <summary>Receives the progress of a download, on the downloading thread; default none.</summary>
    public IProgress<DownloadProgress>? Progress { get; init; }

    /// <summary>Keep only the first so many training images; default all.</summary>
    public int? TrainLimit { get; init; }

    /// <summary>Keep only the first so many test images; default all.</summary>
    public int? TestLimit { get; init; }

    /// <summary>Another address with the published files under their published names, ending with a slash; default the
    /// authors' own address.</summary>
    public Uri? Mirror { get; init; }

    /// <summary>The handler for the network, for proxies and tests; it is not disposed. Default a new handler.</summary>
    public HttpMessageHandler? HttpHandler { get; init; }

    /// <summary>The logger; default none.</summary>
    public ILogger? Logger { get; init; }

    /// <summary>Stops a download.</summary>
    public CancellationToken CancellationToken { get; init; }

    internal void Validate() =>
        new OptionFaults(nameof(DatasetOptions))
            .Require(TrainLimit is null or >= 1, nameof(TrainLimit), "null or at least 1", TrainLimit)
            .Require(TestLimit is null or >= 1, nameof(TestLimit), "null or at least 1", TestLimit)
            .Require(Mirror is null || Mirror.IsAbsoluteUri, nameof(Mirror), "an absolute URI", Mirror)
            .ThrowIfAny();
}
