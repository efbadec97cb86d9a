using System.Globalization;
using VisionSeqModels.Training;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Torch;

/// <summary>Trainings beside garbage collections; run in a process of its own, where nothing else allocates.</summary>
internal static class CollectedSteps
{
    public const string Counted = "counted";
    public const string Disturbed = "disturbed";
    private const int CountedEpochs = 20;
    private const int DisturbedEpochs = 3;
    private const int Collections = 1000;

    /// <summary>Does what the name says; returns what it saw.</summary>
    public static string Run(string name) => name == Counted ? Count() : Disturb();

    /// <summary>Trains and evaluates a wasteful model of a user's.</summary>
    /// <returns>How many collections fell into steps, and how many there were.</returns>
    private static string Count()
    {
        using var data = new TinyData();
        using var model = new Wasteful();
        int begin = GC.CollectionCount(0);
        var trainer = new Trainer(
            new TrainerOptions
            {
                Epochs = CountedEpochs,
                BatchSize = 4,
                EvaluationBatchSize = 4,
                Seed = 1,
                Device = "cpu",
            }
        );
        trainer.Callbacks.Add(new CountsAtStepEnd(model));
        trainer.Fit(model, data, data);
        return string.Create(CultureInfo.InvariantCulture, $"{model.Inside} {GC.CollectionCount(0) - begin}");
    }

    /// <summary>Trains, and then again beside a thread that collects all the time, until it collected a thousand times: how
    /// often a training is enough depends on the machine.</summary>
    /// <returns>How many steps there were beside it and how many collections, where all gave the same weights.</returns>
    private static string Disturb()
    {
        byte[] expected = Train(out _);
        int begin = GC.CollectionCount(0);
        using var end = new CancellationTokenSource();
        var collecting = new Thread(() => CollectUntil(end.Token)) { IsBackground = true };
        collecting.Start();
        long steps = 0;
        var trained = new List<byte[]>();
        do
        {
            trained.Add(Train(out long more));
            steps += more;
        } while (GC.CollectionCount(0) - begin < Collections);
        end.Cancel();
        collecting.Join();
        Assert.All(trained, actual => Assert.Equal(expected, actual));
        return string.Create(CultureInfo.InvariantCulture, $"{steps} {GC.CollectionCount(0) - begin}");
    }

    private static void CollectUntil(CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            GC.Collect(0, GCCollectionMode.Forced, blocking: true);
            GC.WaitForPendingFinalizers();
        }
    }

    private static byte[] Train(out long steps)
    {
        using var scope = NewDisposeScope();
        using var data = new TinyData();
        using var model = TinyModel.Create();
        var options = new TrainerOptions
        {
            Epochs = DisturbedEpochs,
            BatchSize = 4,
            Seed = 1,
            Device = "cpu",
            Loss = Losses.Focal(ignoreIndex: -1),
            Optimizer = new SgdOptions
            {
                LearningRate = 0.01,
                Momentum = 0.9,
                Nesterov = true,
                WeightDecay = 1e-4,
            },
            Metrics = [new Accuracy(ignoreIndex: -1), new CalibrationError(ignoreIndex: -1)],
        };
        var history = new Trainer(options) { Callbacks = { new ExponentialMovingAverage() } }.Fit(model, data, data);
        steps = history.Steps;
        return [.. model.parameters().SelectMany(weight => weight.detach().bytes.ToArray())];
    }

    /// <summary>Leaves 40 KB of garbage in each call, and adds as a user does.</summary>
    private sealed class Wasteful : nn.Module<Tensor, Tensor>
    {
        private readonly TorchSharp.Modules.Linear _layer = nn.Linear(2, 2);
        private int _entered;
        private byte[] _garbage = [];

        public Wasteful()
            : base(nameof(Wasteful)) => RegisterComponents();

        public int Inside { get; private set; }

        public override Tensor forward(Tensor input)
        {
            _entered = GC.CollectionCount(0);
            for (int i = 0; i < 10; i++)
            {
                _garbage = new byte[4096];
            }

            var output = _layer.call(input) + input;
            if (!training)
            {
                Leave();
            }

            return output;
        }

        /// <summary>Counts the collections since the call began.</summary>
        public void Leave() => Inside += GC.CollectionCount(0) - _entered;

        protected override void Dispose(bool disposing)
        {
            _layer.Dispose();
            base.Dispose(disposing);
        }
    }

    private sealed class CountsAtStepEnd(Wasteful model) : Callback
    {
        public override void OnStepEnd(StepEndEvent e) => model.Leave();
    }
}
