using System.Diagnostics;
using Microsoft.Extensions.Logging;
using VisionSeqModels.Core;

namespace VisionSeqModels.Studies;

/// <summary>Renews a claim's lease from a thread of its own while the trial gives signs of life.</summary>
internal sealed class LeaseKeeper : IDisposable
{
    private static readonly TimeSpan LongestInterval = TimeSpan.FromDays(1); // a lease has no bound, a thread's wait has one
    private readonly IStudyLedger _ledger;
    private readonly StudyClaim _claim;
    private readonly TimeSpan _interval;
    private readonly TimeSpan _maximumSilence;
    private readonly ILogger _logger;
    private readonly Action<StaleClaimException> _lose;
    private readonly ManualResetEventSlim _end = new();
    private readonly Thread _thread;
    private TrialPosition? _position;
    private long _lastSign = Stopwatch.GetTimestamp();

    /// <param name="ledger">The ledger.</param>
    /// <param name="claim">The claim.</param>
    /// <param name="lease">How long it lasts without renewal.</param>
    /// <param name="maximumSilence">How long it is renewed without a sign of life.</param>
    /// <param name="logger">Who hears of what goes wrong.</param>
    /// <param name="lose">Called once where another worker has the trial.</param>
    public LeaseKeeper(
        IStudyLedger ledger,
        StudyClaim claim,
        TimeSpan lease,
        TimeSpan maximumSilence,
        ILogger logger,
        Action<StaleClaimException> lose
    )
    {
        (_ledger, _claim, _maximumSilence) = (ledger, claim, maximumSilence);
        _interval = new[] { lease / 4, LongestInterval }.Min();
        (_logger, _lose) = (logger, lose);
        _thread = new Thread(Keep) { Name = $"lease of {claim.Trial}", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Takes note of a sign of life.</summary>
    /// <param name="position">How far the trial has come; null for no further.</param>
    public void Sign(TrialPosition? position)
    {
        Volatile.Write(ref _lastSign, Stopwatch.GetTimestamp());
        if (position is not null)
        {
            Volatile.Write(ref _position, position);
        }
    }

    public void Dispose()
    {
        _end.Set();
        if (Thread.CurrentThread != _thread)
        {
            _thread.Join();
        }

        _end.Dispose();
    }

    private void Keep()
    {
        bool isSilent = false;
        while (!_end.Wait(_interval))
        {
            if (Stopwatch.GetElapsedTime(Volatile.Read(ref _lastSign)) > _maximumSilence)
            {
                if (!isSilent)
                {
                    LogMessages.TrialSilent(_logger, _claim.Trial, _maximumSilence.TotalSeconds);
                }

                isSilent = true;
                continue;
            }

            isSilent = false;
            try
            {
                _ledger.Renew(_claim, Volatile.Read(ref _position) ?? new TrialPosition());
            }
            catch (StaleClaimException e)
            {
                _lose(e);
                return;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                LogMessages.LedgerUnreachable(_logger, _ledger.Name, e.Message);
            }
        }
    }
}
