namespace VisionSeqModels.Benchmarks.Compare;

/// <summary>Training that goes on block by block, in turn with others.</summary>
internal interface IContender : IDisposable
{
    string Name { get; }

    /// <summary>Trains on.</summary>
    /// <param name="settling">Steps before the time begins: the caches are others' then.</param>
    /// <param name="steps">Steps that are timed.</param>
    /// <returns>Their seconds.</returns>
    double Run(int settling, int steps);
}
