using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging;
using VisionSeqModels.Core;

namespace VisionSeqModels.Studies;

/// <summary>A trial that a ledger has given to this process. It trains in a folder of its own, which begins as the last published
/// state; the states that it saves are published.</summary>
internal sealed class SharedSession : TrialSession
{
    private const string WorkFolder = "work";
    private const int MostTries = 8;
    private const int MostTriesAtStop = 2; // whoever asks a worker to end kills it after a while
    private const double MostTimeToPublish = 0.1; // of the time that the trial takes
    private readonly ILogger _logger;
    private readonly CancellationToken _stop;
    private readonly CancellationTokenSource _lost = new();
    private readonly LeaseKeeper _keeper;
    private StaleClaimException? _stale;
    private long _published;
    private TimeSpan _took;

    /// <param name="job">The trial.</param>
    /// <param name="ledger">The ledger.</param>
    /// <param name="claim">The claim on it.</param>
    /// <param name="study">The study's folder of this worker.</param>
    /// <param name="options">How long leases and silences are.</param>
    /// <param name="logger">Who hears of what goes wrong.</param>
    /// <param name="stop">Asks this worker to end.</param>
    /// <exception cref="IOException">The state cannot be read, or the folder cannot be written to.</exception>
    public SharedSession(
        TrialJob job,
        IStudyLedger ledger,
        StudyClaim claim,
        string study,
        StudyOptions options,
        ILogger logger,
        CancellationToken stop
    )
        : base(job, ledger, claim, PathOf(study, claim))
    {
        (_logger, _stop) = (logger, stop);
        _keeper = new LeaseKeeper(ledger, claim, options.Lease, options.MaximumSilence, logger, Lose);
        try
        {
            Begin(study);
        }
        catch
        {
            _keeper.Dispose();
            throw;
        }
    }

    public override StaleClaimException? Lost => _stale;

    private int Tries => _stop.IsCancellationRequested ? MostTriesAtStop : MostTries;

    public override CancellationToken Token => _lost.Token;

    public override Callback Watch() => new TrialWatch(this);

    /// <summary>A sign of life of the trial.</summary>
    public void Sign(TrialPosition position) => _keeper.Sign(position);

    /// <summary>Publishes the state that was saved just now, unless that would take too much of the trial's time.</summary>
    public void Publish(TrialPosition position, TrainingHistory history)
    {
        if (_stale is not null || Stopwatch.GetElapsedTime(_published) * MostTimeToPublish < _took)
        {
            return;
        }

        long begin = Stopwatch.GetTimestamp();
        try
        {
            Ledger.Publish(Claim, Snapshot(history.Epochs, position.Epoch, TrialFiles.Of(Folder)) with { Position = position });
        }
        catch (StaleClaimException e)
        {
            Lose(e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogMessages.LedgerUnreachable(_logger, Ledger.Name, e.Message); // the next state is published
        }

        _published = Stopwatch.GetTimestamp();
        _took = Stopwatch.GetElapsedTime(begin);
    }

    public override void End(TrainingHistory? history, Exception? failure, bool canTryAgain)
    {
        _keeper.Sign(null);
        for (int tries = 1; _stale is null; tries++)
        {
            try
            {
                Write(
                    Snapshot(history?.Epochs ?? [], history?.Epochs.Count ?? 0, TrialFiles.Of(Folder)),
                    history,
                    failure,
                    canTryAgain
                );
                return;
            }
            catch (StaleClaimException e)
            {
                Lose(e);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException && tries < Tries)
            {
                LogMessages.LedgerUnreachable(_logger, Ledger.Name, e.Message);
                _stop.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(250 * Math.Pow(2, tries - 1)));
            }
        }

        throw _stale;
    }

    public override void Dispose()
    {
        _keeper.Dispose();
        _lost.Dispose();
        Remove(Folder);
        base.Dispose();
    }

    /// <summary>Removes what claims of a trial left that is over.</summary>
    public static void RemoveWork(string study, string trial)
    {
        string work = Path.Combine(study, WorkFolder);
        foreach (string path in FileSystem.Current.Folders(work, $"{trial}.*"))
        {
            Remove(path);
        }

        try
        {
            if (Directory.Exists(work) && FileSystem.Current.IsEmpty(work))
            {
                FileSystem.Current.DeleteFolder(work, recursive: false);
            }
        }
        catch (IOException)
        {
            // Another worker has begun something in it.
        }
    }

    private static string PathOf(string study, StudyClaim claim) =>
        Path.Combine(study, WorkFolder, string.Create(CultureInfo.InvariantCulture, $"{claim.Trial}.{claim.Token:000000}"));

    private void Begin(string study)
    {
        Remove(Folder);
        string own = Path.Combine(study, Job.Trial.Folder);
        if (!Ledger.Fetch(Claim.Trial, Folder) && RunDirectory.CanResume(own))
        {
            foreach (var file in TrialFiles.Of(own)) // the study was begun by one process alone
            {
                TrialFile.Write(Folder, file.Name, stream => stream.Write(FileSystem.Current.ReadAllBytes(file.Path)));
            }
        }
    }

    private void Lose(StaleClaimException e)
    {
        _stale ??= e;
        try
        {
            _lost.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The trial has ended meanwhile.
        }
    }

    private static void Remove(string folder)
    {
        try
        {
            if (Directory.Exists(folder))
            {
                FileSystem.Current.DeleteFolder(folder, recursive: true);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It takes room, and nothing else.
        }
    }
}
