namespace VisionSeqModels.Studies;

/// <summary>The trials of a search: first those that are not over of the settings that were asked for before, then those of the
/// sampler's next setting, and so on. All it knows comes from the trials' records.</summary>
internal sealed class SearchOrder<TSetting> : ITrialSchedule
{
    private readonly StudySearch<TSetting>.Run _search;
    private readonly Func<StudySetting<TSetting>, IReadOnlyList<TrialJob>> _add;
    private readonly Func<StudyFile.Entry, double?> _scoreOf;
    private readonly Queue<TrialJob> _waiting;
    private readonly Dictionary<string, List<TrialJob>> _jobs;
    private readonly Dictionary<string, int> _open = new(StringComparer.Ordinal);

    /// <param name="search">The search.</param>
    /// <param name="jobs">All trials that are known, in order.</param>
    /// <param name="waiting">Those that are not over.</param>
    /// <param name="add">Takes a setting into the study, and gives its trials.</param>
    /// <param name="scoreOf">What a trial that is over came to, more being better; null where that is undefined.</param>
    public SearchOrder(
        StudySearch<TSetting>.Run search,
        IEnumerable<TrialJob> jobs,
        IReadOnlyCollection<TrialJob> waiting,
        Func<StudySetting<TSetting>, IReadOnlyList<TrialJob>> add,
        Func<StudyFile.Entry, double?> scoreOf
    )
    {
        (_search, _add, _scoreOf) = (search, add, scoreOf);
        _waiting = new Queue<TrialJob>(waiting);
        _jobs = jobs.GroupBy(job => job.Trial.Setting).ToDictionary(group => group.Key, group => group.ToList());
        foreach (var setting in search.Asked)
        {
            _open[setting.Name] = waiting.Count(job => job.Trial.Setting == setting.Name);
            TellIfOver(setting.Name);
        }
    }

    public TrialJob? Next()
    {
        if (_waiting.Count == 0 && _search.Ask() is StudySetting<TSetting> setting)
        {
            var jobs = _add(setting);
            _jobs[setting.Name] = [.. jobs];
            _open[setting.Name] = jobs.Count;
            foreach (var job in jobs)
            {
                _waiting.Enqueue(job);
            }
        }

        return _waiting.TryDequeue(out var next) ? next : null;
    }

    public void Ended(TrialJob job, TrainingHistory? history, bool failed)
    {
        if (failed || history is { StopReason: not (StopReason.Running or StopReason.Cancelled) })
        {
            _open[job.Trial.Setting]--;
            TellIfOver(job.Trial.Setting);
        }
    }

    private void TellIfOver(string setting)
    {
        if (_open[setting] == 0)
        {
            double[] scores = [.. _jobs[setting].Select(job => _scoreOf(job.Trial)).OfType<double>()];
            _search.Tell(setting, scores.Length == 0 ? null : scores.Average());
        }
    }
}
