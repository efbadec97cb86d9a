using System.Collections.Concurrent;

namespace VisionSeqModels.Tests;

/// <summary>One run of each sample with <c>--quick</c> on synthetic images, for all tests that look at one.</summary>
public sealed class QuickRuns : IDisposable
{
    public const string Collection = "Quick runs";

    private readonly TempFolder _folder = new();
    private readonly ConcurrentDictionary<string, Lazy<SampleResult>> _results = new();

    /// <summary>The run folder of a sample, which has ended well.</summary>
    public string Of(string sample)
    {
        ResultOf(sample).AssertDone();
        return _folder[sample];
    }

    /// <summary>The same command again.</summary>
    internal SampleResult Again(string sample) =>
        Sample.Run(sample, _folder, "--data", "synthetic", "--quick", "--out", _folder[sample]);

    internal SampleResult ResultOf(string sample) =>
        _results.GetOrAdd(sample, name => new Lazy<SampleResult>(() => Again(name))).Value;

    public void Dispose() => _folder.Dispose();
}
