using System.Diagnostics;
using System.Globalization;

namespace VisionSeqModels.Benchmarks.Compare;

/// <summary>A loop in a process of its own. It gets a line "settling steps" for each block, and answers with the
/// seconds.</summary>
/// <remarks>OpenMP's threads go on spinning for some time after a block. So this process waits before a block, and the other
/// one before it answers, until they sleep.</remarks>
internal sealed class ProcessContender : IContender
{
    private readonly Process _process;
    private readonly TimeSpan _pause;

    /// <param name="name">Its name.</param>
    /// <param name="start">The process.</param>
    /// <param name="pause">How long to wait before a block.</param>
    public ProcessContender(string name, ProcessStartInfo start, TimeSpan pause)
    {
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        Name = name;
        _pause = pause;
        _process = Process.Start(start)!;
    }

    /// <summary>GNU's OpenMP spins for some 20 ms.</summary>
    public static TimeSpan ShortPause => TimeSpan.FromMilliseconds(30);

    /// <summary>LLVM's spins for 200.</summary>
    public static TimeSpan LongPause => TimeSpan.FromMilliseconds(230);

    public string Name { get; }

    public double Run(int settling, int steps)
    {
        Thread.Sleep(_pause);
        _process.StandardInput.WriteLine(FormattableString.Invariant($"{settling} {steps}"));
        _process.StandardInput.Flush();
        string answer =
            _process.StandardOutput.ReadLine()
            ?? throw new InvalidOperationException($"The process of '{Name}' ended; what it said stands above.");
        return double.Parse(answer, CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        _process.StandardInput.Close(); // the end of its input ends it
        _process.WaitForExit();
        _process.Dispose();
    }
}
