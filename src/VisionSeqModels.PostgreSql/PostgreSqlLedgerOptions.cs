namespace VisionSeqModels.Studies;

/// <summary>How a <see cref="PostgreSqlLedger"/> uses its database.</summary>
public sealed record PostgreSqlLedgerOptions
{
    /// <summary>The schema that holds the tables; default <c>visionseq</c>. It is made where it is not there.</summary>
    public string Schema { get; init; } = "visionseq";

    /// <summary>How long a call tries to reach a server that does not answer, with growing waits between the attempts, before it
    /// throws an <see cref="IOException"/>; default two minutes. The worker then tries again itself. The first contact, when the
    /// ledger is opened, has at most ten seconds.</summary>
    public TimeSpan RetryFor { get; init; } = TimeSpan.FromMinutes(2);

    /// <exception cref="ArgumentException">An option is out of range; the message names every one.</exception>
    internal void Validate()
    {
        string[] faults =
        [
            .. Schema is { Length: > 0 and <= 63 }
                ? []
                : (string[])[$"Schema must be a name of 1 to 63 characters, but is '{Schema}'"],
            .. RetryFor >= TimeSpan.Zero ? [] : (string[])[$"RetryFor must be at least 0, but is {RetryFor}"],
        ];
        if (faults.Length > 0)
        {
            throw new ArgumentException($"{nameof(PostgreSqlLedgerOptions)}: {string.Join("; ", faults)}.");
        }
    }
}
