using System.Diagnostics;
using VisionSeqModels.Training;

namespace VisionSeqModels.Benchmarks.Ranks;

/// <summary>Steps of a training as one rank saw them.</summary>
/// <param name="Seconds">A step's, in the median.</param>
/// <param name="Spread">The standard deviation of the logarithm of a step's seconds, without the longest tenth.</param>
/// <param name="ExchangeSeconds">Of a step, within the exchange: waiting for other ranks is in it. The median.</param>
/// <param name="Calls">The collective operations of a step.</param>
internal sealed record RankSteps(double Seconds, double Spread, double ExchangeSeconds, IReadOnlyList<Collective> Calls)
{
    private const int WarmUp = 3;

    /// <summary>The bytes that a rank sends to others in a step.</summary>
    public long BytesSent(int ranks) => Calls.Sum(call => call.Bytes) * (ranks - 1);

    /// <param name="model">A name.</param>
    /// <param name="batch">Samples of a step, of all ranks together.</param>
    /// <param name="shards">Parts of a batch.</param>
    /// <param name="steps">How many steps count.</param>
    /// <param name="exchange">The other ranks; null for none.</param>
    public static RankSteps Measure(string model, int batch, int shards, int steps, IShardExchange? exchange)
    {
        var counting = exchange is null ? null : new CountingExchange(exchange);
        var clock = new Clock(counting);
        using var module = RankModel.Create(model);
        using var data = RankModel.Noise(model, batch * (steps + WarmUp));
        new Trainer(
            new TrainerOptions
            {
                Epochs = 1,
                BatchSize = batch,
                Seed = 1,
                Shards = shards,
                Device = "cpu",
                Optimizer = new AdamOptions { LearningRate = 1e-7 },
            }
        )
        {
            Exchange = counting,
            Callbacks = { clock },
        }.Fit(module, data);
        return clock.Result();
    }

    /// <summary>Runs small steps until .NET has compiled everything for speed.</summary>
    public static void Prepare(string model, IShardExchange? exchange)
    {
        int shards = exchange?.Size ?? 1;
        Measure(model, 8 * shards, shards, model == "resnet20" ? 100 : 500, exchange);
    }

    private sealed class Clock(CountingExchange? exchange) : Callback
    {
        private readonly List<(double Seconds, double Within, Collective[] Calls)> _steps = [];
        private long _last = Stopwatch.GetTimestamp();

        protected internal override bool DrawsRandomNumbers => false;

        public override void OnStepEnd(StepEndEvent e)
        {
            long now = Stopwatch.GetTimestamp();
            var (calls, within) = exchange?.Take() ?? ([], 0);
            _steps.Add(((double)(now - _last) / Stopwatch.Frequency, within, calls));
            _last = now;
        }

        public RankSteps Result()
        {
            var steps = _steps.Skip(WarmUp).ToList();
            double[] logarithms = [.. steps.Select(step => Math.Log(step.Seconds)).Order().Take((steps.Count * 9 / 10) + 1)];
            double mean = logarithms.Average();
            return new RankSteps(
                Median(steps.Select(step => step.Seconds)),
                Math.Sqrt(logarithms.Average(value => (value - mean) * (value - mean))),
                Median(steps.Select(step => step.Within)),
                steps[^1].Calls
            );
        }

        private static double Median(IEnumerable<double> values) => values.Order().ElementAt(values.Count() / 2);
    }
}
