namespace VisionSeqModels.Benchmarks.History;

/// <summary>A model's ratios with a number of threads.</summary>
/// <param name="Model">The model.</param>
/// <param name="Threads">Threads of libtorch and of PyTorch.</param>
/// <param name="FitBy">The time of <c>Trainer.Fit</c> divided by that of another loop, by its short name: the ratio, and
/// where its 95 % interval begins and ends.</param>
internal sealed record HistoryResult(string Model, int Threads, IReadOnlyDictionary<string, double[]> FitBy)
{
    public const string ByHand = "byHand";
    public const string DataLoader = "dataLoader";
    public const string Modules = "modules";
    public const string PyTorch = "pytorch";
}
