namespace VisionSeqModels.Runs;

/// <summary>One time that a run was resumed.</summary>
public sealed record ResumeRecord
{
    /// <summary>When.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The epoch that was under way or last done, from 1; 0 where none was begun.</summary>
    public required int Epoch { get; init; }

    /// <summary>Optimizer steps that the state held.</summary>
    public required long Step { get; init; }

    /// <summary>What was different: options, the number of threads, versions, a damaged state; empty where nothing was. The
    /// promise of bit-identical results holds only where this is empty.</summary>
    public required IReadOnlyList<string> Changes { get; init; }
}
