using System.Diagnostics;

namespace VisionSeqModels.Benchmarks.Compare;

/// <summary>A loop whose device works on while the program continues: it is awaited before the clock is read.</summary>
/// <param name="loop">The loop.</param>
/// <param name="wait">Waits until the device has done its work.</param>
internal sealed class AwaitedContender(IContender loop, Action wait) : IContender
{
    public string Name => loop.Name;

    public double Run(int settling, int steps)
    {
        loop.Run(settling, 0);
        wait();
        long begin = Stopwatch.GetTimestamp();
        loop.Run(0, steps);
        wait();
        return Stopwatch.GetElapsedTime(begin).TotalSeconds;
    }

    public void Dispose() => loop.Dispose();
}
