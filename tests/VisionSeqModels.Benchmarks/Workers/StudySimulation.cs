namespace VisionSeqModels.Benchmarks.Workers;

/// <summary>A study of many workers, event by event: each looks at all trials and claims one, trains, publishes after each epoch,
/// renews meanwhile, and takes the next trial; the ledger does some calls at once, the others wait in line, and files pass over
/// its one link.</summary>
internal sealed class StudySimulation(StudyLoad load, LedgerCost cost, int workers, int seed = 1)
{
    private const double MostLookTime = 20; // a worker looks for a twentieth of the time at most
    private const double LooksPerSecond = 10; // of all workers
    private readonly Random _random = new(seed);
    private readonly PriorityQueue<(int Worker, Step Step), double> _events = new();
    private readonly Line _calls = new((int)Math.Round(cost.AtOnce));
    private readonly Line _link = new(1);
    private int _free;
    private int _over;

    private enum Step
    {
        Claim,
        Epoch,
        Published,
        Renew,
        Look,
    }

    /// <summary>Runs it to the end, or until three times as long as it would take alone.</summary>
    /// <returns>The fraction of the workers' time that went into training, and the longest wait for a claim's answer, in
    /// seconds.</returns>
    public (double Efficiency, double LongestClaim) Run()
    {
        _free = workers * load.TrialsPerWorker;
        var epochs = new int[workers];
        var isDone = new bool[workers];
        double trained = 0,
            end = 0,
            longest = 0;
        for (int i = 0; i < workers; i++)
        {
            _events.Enqueue((i, Step.Claim), _random.NextDouble()); // they start within a second
            _events.Enqueue((i, Step.Renew), load.RenewSeconds * _random.NextDouble());
            if (load.ShowsProgress)
            {
                _events.Enqueue((i, Step.Look), 1 + _random.NextDouble());
            }
        }

        double patience = 3 * load.TrialsPerWorker * load.Epochs * load.EpochSeconds;
        int left = workers;
        while (left > 0 && _events.TryDequeue(out var next, out double now))
        {
            if (now > patience)
            {
                end = now;
                break;
            }

            int worker = next.Worker;
            switch (next.Step)
            {
                case Step.Claim when _free == 0:
                    isDone[worker] = true;
                    left--;
                    end = Math.Max(end, now);
                    break;
                case Step.Claim:
                    _free--;
                    epochs[worker] = 0;
                    double answered = _calls.Serve(now, cost.Look(_over, Claimed) + cost.Claim);
                    longest = Math.Max(longest, answered - now);
                    _events.Enqueue((worker, Step.Epoch), answered + Train(ref trained));
                    break;
                case Step.Epoch:
                    bool isLast = ++epochs[worker] == load.Epochs;
                    double sent = _link.Serve(now, cost.StateBytes / load.Bandwidth);
                    _events.Enqueue((worker, Step.Published), _calls.Serve(sent, isLast ? cost.Complete : cost.Publish));
                    break;
                case Step.Published when epochs[worker] == load.Epochs:
                    _over++;
                    _events.Enqueue((worker, Step.Claim), now);
                    break;
                case Step.Published:
                    _events.Enqueue((worker, Step.Epoch), now + Train(ref trained));
                    break;
                case Step.Renew when !isDone[worker]:
                    _calls.Serve(now, cost.Renew); // beside the training
                    _events.Enqueue((worker, Step.Renew), now + load.RenewSeconds);
                    break;
                case Step.Look when !isDone[worker]:
                    double took = _calls.Serve(now, cost.Look(_over, Claimed)) - now;
                    double pause = Math.Max(MostLookTime * took, Math.Max(1, Claimed / LooksPerSecond));
                    _events.Enqueue((worker, Step.Look), now + took + pause);
                    break;
            }
        }

        return (trained / (end * workers), longest);
    }

    private int Claimed => (workers * load.TrialsPerWorker) - _free - _over;

    private double Train(ref double sum)
    {
        double normal = Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
        double seconds = load.EpochSeconds * Math.Exp(load.Spread * normal);
        sum += seconds;
        return seconds;
    }

    /// <summary>Servers that take whoever comes first.</summary>
    private sealed class Line
    {
        private readonly PriorityQueue<int, double> _free = new();

        public Line(int servers) => _free.EnqueueRange(Enumerable.Range(0, servers), 0);

        /// <summary>When a call that comes now is done.</summary>
        public double Serve(double now, double seconds)
        {
            _free.TryDequeue(out int server, out double since);
            double done = Math.Max(now, since) + seconds;
            _free.Enqueue(server, done);
            return done;
        }
    }
}
