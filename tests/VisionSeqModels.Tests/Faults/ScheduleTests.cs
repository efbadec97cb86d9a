using System.Globalization;
using VisionSeqModels.Studies;
using VisionSeqModels.Tests.Inference;
using VisionSeqModels.Tests.Studies.Ledger;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Faults;

/// <summary>What runs at once, in orders that a seed decides (VISIONSEQ_SCHEDULES asks for more of them): ledger workers on a
/// folder, call by call of the disk; trials of a study; a classifier that several threads ask.</summary>
[Collection("Torch")]
public sealed class ScheduleTests
{
    private static readonly int Seeds = int.Parse(
        Environment.GetEnvironmentVariable("VISIONSEQ_SCHEDULES") ?? "8",
        CultureInfo.InvariantCulture
    );

    private const int Workers = 4; // one more than trials: it looks for leases that are over

    private static string Place => Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();

    [Fact]
    public void LedgerWorkers_InAnyOrderOfTheDisksCalls_CompleteEachTrialOnce_WithTheSameBits()
    {
        int takeovers = 0;
        for (int seed = 1; seed <= Seeds; seed++)
        {
            var (faults, logs) = Work(seed, (folder, schedule) => new ScheduledDisk(folder, schedule, seed, sleeps: true));
            Assert.True(faults.Count == 0, $"seed {seed}: {string.Join("; ", faults)}");
            takeovers += logs.Sum(log => LogCheck.Count(log, "claimed") - 1);
        }

        Assert.True(takeovers > 0, "no worker ever took a trial over: the orders are too tame");
    }

    /// <summary>The test above can fail: an entry that overwrites another one is found.</summary>
    [Fact]
    public void RenameThatLooksFirst_IsFound()
    {
        Assert.Contains(
            Enumerable.Range(1, 10),
            seed => Work(seed, (folder, schedule) => new DiskWithRacyRenames(folder, schedule, seed)).Faults.Count > 0
        );
    }

    [Fact]
    public void TrialsAtOnce_InAnyOrder_GiveTheBitsOfOneAfterAnother()
    {
        var expected = Study(atOnce: 1, seed: 0);
        for (int seed = 1; seed <= Math.Max(2, Seeds / 2); seed++)
        {
            Assert.Equal(expected, Study(atOnce: 3, seed));
        }
    }

    [Fact]
    public void ClassifierThatThreadsAsk_AndOneDisposes_AnswersRightOrSaysThatItIsDisposed()
    {
        int answers = 0,
            refusals = 0;
        for (int seed = 1; seed <= 3 * Seeds; seed++)
        {
            var (right, wrong, disposed) = Ask(seed, keepsItsInput: false);
            Assert.True(wrong == 0, $"seed {seed}: {wrong} wrong answers");
            (answers, refusals) = (answers + right, refusals + disposed);
        }

        Assert.True(answers > 0 && refusals > 0, $"{answers} answers, {refusals} refusals: the orders are too tame");
    }

    /// <summary>The test above can fail: a model that keeps its input between two steps gives another picture's answer.</summary>
    [Fact]
    public void ModelThatKeepsItsInput_IsFound() =>
        Assert.Contains(Enumerable.Range(1, 20), seed => Ask(seed, keepsItsInput: true).Wrong > 0);

    /// <summary>The same seed gives the same interleaving: a failure can be seen again.</summary>
    [Fact]
    public void Seed_DecidesTheOrder()
    {
        static List<string> Order(int seed)
        {
            using var schedule = new ControlledSchedule(threads: 3, seed);
            void Steps()
            {
                for (int i = 0; i < 20; i++)
                {
                    schedule.Step();
                }
            }

            schedule.Run(Steps, Steps, Steps);
            return schedule.History;
        }

        Assert.Equal(Order(1), Order(1));
        Assert.NotEqual(Order(1), Order(2));
    }

    private static (List<string> Faults, List<string[]> Logs) Work(
        int seed,
        Func<string, ControlledSchedule, SimulatedDisk> makeDisk
    )
    {
        string folder = Path.Combine(Place, "visionseq-" + Guid.NewGuid().ToString("n"));
        try
        {
            IReadOnlyList<Exception> failures;
            LedgerFaultWorker[] workers;
            using (var schedule = new ControlledSchedule(Workers, seed))
            using (var disk = makeDisk(folder, schedule))
            {
                workers =
                [
                    .. Enumerable
                        .Range(1, Workers)
                        .Select(i => new LedgerFaultWorker(
                            $"w{i}",
                            disk,
                            () => new FolderLedger(Path.Combine(folder, "ledger"))
                        )),
                ];
                failures = schedule.Run([.. workers.Select(worker => (Action)(() => TakeTurns(worker)))]);
            }

            var logs = LogCheck.Logs(Path.Combine(folder, "ledger"));
            List<string> faults =
            [
                .. failures.Select(failure => failure.Message),
                .. workers
                    .SelectMany(worker => worker.Claims)
                    .GroupBy(claim => claim)
                    .Where(group => group.Count() > 1)
                    .Select(group => $"two workers were given the claim {group.Key.Token} of {group.Key.Trial}"),
                .. logs.SelectMany(log => LogCheck.Faults(log.Value).Select(fault => $"{log.Key}: {fault}")),
            ];
            if (faults.Count == 0)
            {
                faults.AddRange(LedgerFaults.Ends(folder).Except(LedgerFaults.RightEnds));
            }

            return (faults, [.. logs.Values]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void TakeTurns(LedgerFaultWorker worker)
    {
        for (int turn = 1; !worker.SeesTheEnd; turn++)
        {
            if (turn > 300)
            {
                throw new InvalidOperationException("The trials do not come to an end.");
            }

            worker.Turn();
        }
    }

    private static string[] Study(int atOnce, int seed)
    {
        string folder = Path.Combine(Place, "visionseq-" + Guid.NewGuid().ToString("n"));
        try
        {
            // The thread that begins the study; those of the trials join it.
            using (var schedule = new ControlledSchedule(threads: 1, seed))
            using (var disk = new ScheduledDisk(folder, schedule, seed))
            {
                if (atOnce == 1)
                {
                    schedule.Dispose();
                }

                StudyFaults.RunStudy(disk, atOnce);
            }

            return [.. FolderResult.Of(folder).Where(line => !line.Contains("study.json", StringComparison.Ordinal))];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Two threads ask twice each, a third one disposes.</summary>
    private static (int Right, int Wrong, int Disposed) Ask(int seed, bool keepsItsInput)
    {
        using var folder = new TempFolder();
        using var data = AnswerFiles.Images();
        using (var model = NewModel(data.ClassNames.Count))
        {
            ModelFile.Save(model, folder["model.safetensors"], data.Test);
        }

        byte[][] pictures = [AnswerFiles.Png(data.Test, 0), AnswerFiles.Png(data.Test, 1)];
        int right = 0,
            wrong = 0,
            disposed = 0;
        float[][] expected;
        using (var alone = ImageClassifier.Load(folder["model.safetensors"], _ => NewModel(data.ClassNames.Count)))
        {
            expected = [.. pictures.Select(picture => alone.Classify(picture).Scores.ToArray())];
        }

        using var schedule = new ControlledSchedule(threads: 3, seed);
        using var classifier = ImageClassifier.Load(
            folder["model.safetensors"],
            _ => new SteppingModel(NewModel(data.ClassNames.Count), schedule, keepsItsInput)
        );
        void AskFor(int picture)
        {
            for (int i = 0; i < 2; i++)
            {
                try
                {
                    bool isRight = classifier.Classify(pictures[picture]).Scores.SequenceEqual(expected[picture]);
                    Interlocked.Increment(ref isRight ? ref right : ref wrong);
                }
                catch (ObjectDisposedException)
                {
                    Interlocked.Increment(ref disposed);
                }
            }
        }

        void DisposeLater()
        {
            for (int i = 0; i < 5; i++)
            {
                schedule.Step();
            }

            classifier.Dispose();
        }

        Assert.Empty(schedule.Run(() => AskFor(0), () => AskFor(1), DisposeLater));
        return (right, wrong, disposed);
    }

    private static nn.Module<Tensor, Tensor> NewModel(int classes) =>
        nn.Sequential(("flat", nn.Flatten()), ("fc", nn.Linear(28 * 28, classes)));

    private sealed class SteppingModel : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> _inner;
        private readonly ControlledSchedule _schedule;
        private readonly bool _keepsItsInput;
        private Tensor? _input;

        public SteppingModel(nn.Module<Tensor, Tensor> inner, ControlledSchedule schedule, bool keepsItsInput)
            : base(nameof(SteppingModel))
        {
            (_inner, _schedule, _keepsItsInput) = (inner, schedule, keepsItsInput);
            foreach (var (name, module) in inner.named_children())
            {
                register_module(name, module); // so that the weights have the names of the file
            }
        }

        public override Tensor forward(Tensor input)
        {
            if (_keepsItsInput)
            {
                _input = input;
            }

            _schedule.Step();
            var output = _inner.call(_keepsItsInput ? _input! : input);
            _schedule.Step();
            return output;
        }
    }
}
