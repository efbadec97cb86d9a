using System.Text.Json.Serialization;

namespace VisionSeqModels.Benchmarks.History;

/// <summary>What a commit's training steps took beside other loops: a line of the history.</summary>
/// <param name="Commit">The commit, by seven digits.</param>
/// <param name="Date">The day, ISO 8601.</param>
/// <param name="Processor">The processor's name.</param>
/// <param name="Vectors">The widest vectors that the kernels use.</param>
/// <param name="Cores">How many of them.</param>
/// <param name="PyTorch">PyTorch's version; null where it was not there.</param>
/// <param name="Rounds">How many rounds count; null where nobody kept it.</param>
/// <param name="Results">The ratios, by model and number of threads.</param>
internal sealed record HistoryEntry(
    string Commit,
    string Date,
    string Processor,
    string Vectors,
    int Cores,
    [property: JsonPropertyName("pytorch")] string? PyTorch,
    int? Rounds,
    IReadOnlyList<HistoryResult> Results
);
