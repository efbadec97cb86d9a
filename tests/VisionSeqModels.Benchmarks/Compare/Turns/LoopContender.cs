using System.Diagnostics;

namespace VisionSeqModels.Benchmarks.Compare;

/// <summary>A loop in this process.</summary>
/// <param name="name">Its name.</param>
/// <param name="step">A step.</param>
/// <param name="owned">What ends with it.</param>
internal sealed class LoopContender(string name, Action step, params IDisposable[] owned) : IContender
{
    public string Name => name;

    public double Run(int settling, int steps)
    {
        for (int i = 0; i < settling; i++)
        {
            step();
        }

        long begin = Stopwatch.GetTimestamp();
        for (int i = 0; i < steps; i++)
        {
            step();
        }

        return Stopwatch.GetElapsedTime(begin).TotalSeconds;
    }

    public void Dispose() => Array.ForEach(owned, part => part.Dispose());
}
