namespace VisionSeqModels.Studies;

/// <summary>Where logs are kept. An entry of a log has a number, from 1, and never changes; only one writer gets each number.
/// Several threads and processes may use it.</summary>
internal interface ILedgerStore
{
    string Name { get; }

    /// <summary>The logs whose names begin with <paramref name="prefix"/>.</summary>
    IReadOnlyList<string> Logs(string prefix);

    /// <summary>The number of a log's newest entry; 0 for an empty one.</summary>
    int Length(string log);

    /// <summary>An entry's text.</summary>
    string Entry(string log, int number);

    /// <summary>When an entry was appended, by the store's own clock.</summary>
    DateTimeOffset TimeOf(string log, int number);

    /// <summary>Appends an entry with its files, whole or not at all.</summary>
    /// <returns>False where the log has an entry of that number, and nothing was changed.</returns>
    bool TryAppend(string log, int number, string text, IReadOnlyList<TrialFile> files);

    /// <summary>Leaves a sign of life for a claim.</summary>
    void Beat(string log, long token, string text);

    /// <summary>The last sign of life of a claim, or null.</summary>
    string? LastBeat(string log, long token);

    /// <summary>How long ago, by the store's own clock, the claim's last sign of life or the log's newest entry was
    /// written.</summary>
    TimeSpan Silence(string log, long token, int length);

    /// <summary>One of an entry's files, or null.</summary>
    byte[]? Read(string log, int number, string name);

    /// <summary>Writes an entry's files into a folder.</summary>
    void Fetch(string log, int number, string folder);

    /// <summary>Drops the files of an entry, which nobody needs any more; the entry stays.</summary>
    void Forget(string log, int number);
}
