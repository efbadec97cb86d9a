using System.Text.Json;
using VisionSeqModels.Core;

namespace VisionSeqModels.Studies;

/// <summary>A ledger of one log for each trial.</summary>
/// <remarks>A writer reads a log whole and appends the next number. The store gives each number to one writer, so an entry is
/// there only if its writer knew all those before it: a claim that was taken over cannot write, whenever it wakes up.</remarks>
internal sealed class LogLedger(ILedgerStore store) : IStudyLedger
{
    private const string Record = "record";
    private const string Prefix = "trials/";
    private readonly Lock _own = new();
    private readonly Dictionary<string, TrialLog> _logs = new(StringComparer.Ordinal);

    public string Name => store.Name;

    public LedgerRecord? ReadRecord()
    {
        int length = store.Length(Record);
        return length == 0 ? null : new LedgerRecord(length, store.Entry(Record, length));
    }

    public bool TryWriteRecord(string json, long version) => store.TryAppend(Record, checked((int)version + 1), json, []);

    public IReadOnlyList<LedgerTrial> Trials() =>
        [.. store.Logs(Prefix).Select(log => View(Load(log[Prefix.Length..]))).Where(trial => trial.Token > 0)];

    public StudyClaim? Claim(IReadOnlyList<string> trials, ClaimRequest request)
    {
        ArgumentNullException.ThrowIfNull(trials);
        ArgumentNullException.ThrowIfNull(request);
        foreach (string trial in trials)
        {
            var log = Load(trial);
            if (log.IsOver || (log.IsOpen && !IsLeaseOver(log)))
            {
                continue;
            }

            long token = log.Length + 1;
            var entry = Entry(LedgerEntryKind.Claimed, token, request.Worker) with
            {
                LeaseSeconds = request.Lease.TotalSeconds,
                Machine = request.Machine,
                UntilEpoch = request.UntilEpoch,
            };
            if (!Append(log, entry, []))
            {
                continue; // another worker was quicker
            }

            var claim = new StudyClaim
            {
                Trial = trial,
                Token = token,
                Worker = request.Worker,
                HasState = log.Files > 0,
            };
            store.Beat(Prefix + trial, token, Text(log.Position ?? new TrialPosition()));
            var claimed = Load(trial);
            if (claimed.Lost < request.MostLostClaims)
            {
                return claim;
            }

            GiveUp(claim, log, claimed.Lost);
        }

        return null;
    }

    public void Renew(StudyClaim claim, TrialPosition position)
    {
        ArgumentNullException.ThrowIfNull(position);
        Own(claim);
        store.Beat(Prefix + claim.Trial, claim.Token, Text(position));
    }

    public void Publish(StudyClaim claim, TrialSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        Write(claim, LedgerEntryKind.Published, null, snapshot);
    }

    public void Complete(StudyClaim claim, TrialSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        Write(claim, LedgerEntryKind.Completed, null, snapshot);
    }

    public void Fail(StudyClaim claim, string reason, TrialSnapshot? snapshot) =>
        Write(claim, LedgerEntryKind.Failed, reason, snapshot);

    public void Release(StudyClaim claim, string? reason, TrialSnapshot? snapshot) =>
        Write(claim, LedgerEntryKind.Released, reason, snapshot);

    public byte[]? Read(string trial, string name) =>
        Latest(trial, log => log.Files == 0 ? null : store.Read(Prefix + trial, log.Files, name));

    public bool Fetch(string trial, string folder) =>
        Latest(
            trial,
            log =>
            {
                if (log.Files > 0)
                {
                    store.Fetch(Prefix + trial, log.Files, folder);
                }

                return log.Files > 0;
            }
        );

    /// <summary>Reads the newest files; once more where they were replaced meanwhile.</summary>
    private T Latest<T>(string trial, Func<TrialLog, T> read)
    {
        for (var log = Load(trial); ; )
        {
            try
            {
                var result = read(log);
                var now = Load(trial);
                if (result is not null || now.Files == log.Files)
                {
                    return result;
                }

                log = now;
            }
            catch (IOException)
            {
                var now = Load(trial);
                if (now.Files == log.Files)
                {
                    throw;
                }

                log = now;
            }
        }
    }

    private void GiveUp(StudyClaim claim, TrialLog before, int lost)
    {
        try
        {
            Fail(claim, ClaimRequest.ReasonOfLostClaims(lost, before.Position?.Epoch ?? 0, before.Claim?.Worker ?? ""), null);
        }
        catch (StaleClaimException)
        {
            // Another worker has come to the same end.
        }
    }

    private void Write(StudyClaim claim, LedgerEntryKind kind, string? reason, TrialSnapshot? snapshot)
    {
        var log = Own(claim);
        var entry = Entry(kind, claim.Token, claim.Worker) with
        {
            Reason = reason,
            Position = snapshot?.Position,
            HasFiles = snapshot is not null,
        };
        if (!Append(log, entry, snapshot?.Files ?? []))
        {
            throw new StaleClaimException(claim, View(Load(claim.Trial)));
        }

        if (snapshot is not null && log.Files > 0)
        {
            store.Forget(Prefix + claim.Trial, log.Files);
        }
    }

    /// <summary>The log, where the claim is its newest and open.</summary>
    private TrialLog Own(StudyClaim claim)
    {
        ArgumentNullException.ThrowIfNull(claim);
        var log = Load(claim.Trial);
        return log.IsOpen && log.Claim!.Token == claim.Token ? log : throw new StaleClaimException(claim, View(log));
    }

    private bool Append(TrialLog log, LedgerEntry entry, IReadOnlyList<TrialFile> files) =>
        store.TryAppend(Prefix + log.Trial, log.Length + 1, JsonFormat.Serialize(entry, JsonFormat.Indented) + "\n", files);

    private static LedgerEntry Entry(LedgerEntryKind kind, long token, string worker) =>
        new()
        {
            Kind = kind,
            Token = token,
            Worker = worker,
            Nonce = Guid.NewGuid().ToString("n"),
            Written = TimeProvider.System.GetLocalNow(),
        };

    private bool IsLeaseOver(TrialLog log) =>
        store.Silence(Prefix + log.Trial, log.Claim!.Token, log.Length).TotalSeconds > log.Claim.LeaseSeconds;

    private LedgerTrial View(TrialLog log)
    {
        var beat = log.IsOpen ? Position(store.LastBeat(Prefix + log.Trial, log.Claim!.Token)) : null;
        return new LedgerTrial
        {
            Trial = log.Trial,
            Status = log.Status,
            Token = log.Claim?.Token ?? 0,
            Worker = log.Claim?.Worker ?? "",
            IsLeaseOver = log.IsOpen && IsLeaseOver(log),
            Version = log.Length,
            FilesVersion = log.Files,
            Position = beat?.Step >= (log.Position?.Step ?? 0) ? beat : log.Position,
            Reason = log.Reason,
            LostClaims = log.Lost,
            Claims = log.Claims,
        };
    }

    /// <summary>The log as it is now; entries that were read before are not read again, and a log that is over does not
    /// grow.</summary>
    private TrialLog Load(string trial)
    {
        TrialLog? log;
        lock (_own)
        {
            log = _logs.GetValueOrDefault(trial, new TrialLog(trial));
        }

        if (log.IsOver)
        {
            return log;
        }

        for (int length = store.Length(Prefix + trial); log.Length < length; )
        {
            int next = log.Length + 1;
            log = log.With(Parse(store.Entry(Prefix + trial, next), trial), () => store.TimeOf(Prefix + trial, next));
        }

        lock (_own)
        {
            if (log.Length > (_logs.GetValueOrDefault(trial)?.Length ?? 0))
            {
                _logs[trial] = log;
            }
        }

        return log;
    }

    private LedgerEntry Parse(string text, string trial)
    {
        try
        {
            var entry = JsonFormat.Read<LedgerEntry>(JsonFormat.Parse(text))!;
            return entry.Format == LedgerEntry.CurrentFormat
                ? entry
                : throw new JsonException(
                    FormattableString.Invariant($"its format is {entry.Format}, not {LedgerEntry.CurrentFormat}.")
                );
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"The log of the trial '{trial}' in {Name} cannot be read: {e.Message}", e);
        }
    }

    private static string Text(TrialPosition position) => JsonFormat.Serialize(position, JsonFormat.Compact);

    /// <summary>A sign of life may be read while it is written.</summary>
    private static TrialPosition? Position(string? text)
    {
        try
        {
            return string.IsNullOrEmpty(text) ? null : JsonFormat.Read<TrialPosition>(JsonFormat.Parse(text));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
