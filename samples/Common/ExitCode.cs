namespace VisionSeqModels.Samples;

/// <summary>The exit codes of a sample.</summary>
public static class ExitCode
{
    /// <summary>Everything asked for was done.</summary>
    public const int Done = 0;

    /// <summary>The command line was right, but the work could not be done; standard error says why.</summary>
    public const int Failed = 1;

    /// <summary>The command line was wrong; nothing was done.</summary>
    public const int BadArguments = 2;

    /// <summary>Stopped by Ctrl+C (128 + SIGINT), with the state saved.</summary>
    public const int Interrupted = 130;
}
