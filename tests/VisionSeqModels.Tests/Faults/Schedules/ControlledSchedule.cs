namespace VisionSeqModels.Tests.Faults;

/// <summary>Lets one of some threads at a time run, from one step to its next; a seed decides which. A thread that waits for
/// another one, at a lock for instance, is passed over until it can go on.</summary>
/// <remarks>A test makes steps where it gets control: in calls of the disk, in a model's forward, in a data set.</remarks>
internal sealed class ControlledSchedule : IDisposable
{
    private const int QuietLooks = 3;
    private readonly object _own = new();
    private readonly List<Runner> _runners = [];
    private readonly ThreadLocal<Runner> _current;
    private readonly Random _random;
    private readonly int _expected;
    private readonly Thread _thread;
    private volatile bool _isOver;

    /// <param name="threads">How many threads there will be; none runs before all have come to a step.</param>
    /// <param name="seed">Decides who is next.</param>
    public ControlledSchedule(int threads, int seed)
    {
        (_expected, _random) = (threads, new Random(seed));
        _current = new ThreadLocal<Runner>(Add);
        _thread = new Thread(Schedule) { IsBackground = true, Name = "schedule" };
        _thread.Start();
    }

    /// <summary>Which thread was chosen at each step: the interleaving.</summary>
    public List<string> History { get; } = [];

    /// <summary>The calling thread waits until it is chosen.</summary>
    public void Step()
    {
        if (_isOver)
        {
            return;
        }

        var runner = _current.Value!;
        runner.State = RunnerState.AtStep; // without a lock: who waits for one would seem to wait for another thread
        runner.Chosen.Wait();
        runner.State = RunnerState.Running;
    }

    /// <summary>Runs work on named threads, each from its first step on as the schedule wants it.</summary>
    /// <returns>What they threw.</returns>
    public IReadOnlyList<Exception> Run(params Action[] work)
    {
        var failures = new List<Exception>();
        Thread[] threads =
        [
            .. work.Select(
                (action, i) =>
                    new Thread(() =>
                    {
                        try
                        {
                            Step();
                            action();
                        }
                        catch (Exception e)
                        {
                            lock (failures)
                            {
                                failures.Add(e);
                            }
                        }
                    })
                    {
                        Name = $"thread {i + 1}",
                    }
            ),
        ];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        return failures;
    }

    /// <summary>From now on nobody waits.</summary>
    public void Dispose()
    {
        _isOver = true;
        _thread.Join();
        lock (_own)
        {
            _runners.ForEach(runner => runner.Chosen.Release(1000));
        }
    }

    private Runner Add()
    {
        var runner = new Runner(Thread.CurrentThread);
        lock (_own)
        {
            _runners.Add(runner);
            _runners.Sort((one, other) => string.CompareOrdinal(one.Thread.Name, other.Thread.Name));
        }

        return runner;
    }

    private void Schedule()
    {
        int quiet = 0;
        while (!_isOver)
        {
            quiet = IsQuiet() ? quiet + 1 : 0;
            if (quiet < QuietLooks)
            {
                Thread.Yield();
                continue;
            }

            quiet = 0;
            lock (_own)
            {
                var waiting = _runners.FindAll(runner => runner.State == RunnerState.AtStep);
                if (waiting.Count > 0)
                {
                    var next = waiting[_random.Next(waiting.Count)];
                    History.Add(next.Thread.Name ?? "");
                    next.State = RunnerState.Chosen;
                    next.Chosen.Release();
                }
            }
        }
    }

    /// <summary>Whether every thread is at a step, has ended, or waits for something else.</summary>
    private bool IsQuiet()
    {
        lock (_own)
        {
            return _runners.Count >= _expected
                && _runners.TrueForAll(runner =>
                    runner.State == RunnerState.AtStep
                    || !runner.Thread.IsAlive
                    || (runner.State == RunnerState.Running && runner.Thread.ThreadState.HasFlag(ThreadState.WaitSleepJoin))
                );
        }
    }

    private enum RunnerState
    {
        Running,
        AtStep,
        Chosen,
    }

    private sealed class Runner(Thread thread)
    {
        private volatile RunnerState _state = RunnerState.Chosen;

        public Thread Thread => thread;

        public SemaphoreSlim Chosen { get; } = new(0);

        public RunnerState State
        {
            get => _state;
            set => _state = value;
        }
    }
}
