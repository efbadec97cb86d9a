namespace VisionSeqModels.Benchmarks.Ranks;

/// <summary>What a rank does itself in a step, for one model and any batch and number of ranks; measured without a
/// network.</summary>
/// <param name="Model">A name.</param>
/// <param name="Parameters">Its trained numbers.</param>
/// <param name="Measured">Steps by batch and ranks.</param>
internal sealed record LocalSteps(string Model, long Parameters, List<LocalSteps.Entry> Measured)
{
    private const int MostSamples = 256; // of a rank; more take as much longer
    private const double Seconds = 0.25; // of each measurement
    public static readonly int[] Batches = [64, 256, 1024, 4096];
    public static readonly int[] Ranks = [1, 2, 4, 8, 16, 32, 64, 128, 256];

    /// <param name="Batch">Samples of all ranks.</param>
    /// <param name="Ranks">How many ranks; as many shards.</param>
    /// <param name="Steps">What was measured.</param>
    internal sealed record Entry(int Batch, int Ranks, RankSteps Steps);

    /// <summary>Measures them all in this process, one thread each: the faster of two medians, since what else runs on the
    /// machine only adds.</summary>
    /// <param name="model">A name.</param>
    /// <param name="lenet">The LeNet's, where they were measured before.</param>
    public static LocalSteps Measure(string model, LocalSteps? lenet = null)
    {
        if (model == "resnet20")
        {
            return Estimate(model, lenet ?? Measure("lenet"));
        }

        RankSteps.Prepare(model, new EchoExchange(2));
        RankSteps.Prepare(model, null);
        double sample = RankSteps.Measure(model, 64, 1, 10, null).Seconds / 64;
        var all = Ranks
            .SelectMany(ranks => Batches.Append(MostSamples * ranks).Select(batch => (Batch: batch, Ranks: ranks)))
            .Where(entry => entry.Ranks <= entry.Batch && entry.Batch <= Math.Min(MostSamples * entry.Ranks, Batches[^1]))
            .Distinct()
            .ToList();
        var entries = all.Concat(all)
            .Select(entry =>
            {
                int steps = StepsOf(sample * entry.Batch / entry.Ranks);
                var exchange = entry.Ranks == 1 ? null : new EchoExchange(entry.Ranks);
                return new Entry(entry.Batch, entry.Ranks, RankSteps.Measure(model, entry.Batch, entry.Ranks, steps, exchange));
            })
            .ToList();
        var best = entries
            .GroupBy(entry => (entry.Batch, entry.Ranks))
            .Select(group => group.MinBy(entry => entry.Steps.Seconds)!);
        return new LocalSteps(model, RankModel.ParametersOf(model), [.. best]);
    }

    /// <summary>A step as measured; where a rank would have more than 256 samples, those of 256 are added.</summary>
    public RankSteps Of(int batch, int ranks)
    {
        int times = Math.Max(1, batch / ranks / MostSamples);
        var steps = Measured.Find(entry => entry.Batch == batch / times && entry.Ranks == ranks)!.Steps;
        return times == 1 ? steps : steps with { Seconds = steps.Seconds + ((times - 1) * Of(MostSamples, 1).Seconds) };
    }

    /// <summary>The seconds of a step over a network.</summary>
    public double Over(RankLink link, int batch, int ranks)
    {
        var local = Of(batch, ranks);
        return ranks == 1 ? local.Seconds : new RankSimulation(link, ranks).Step(local.Seconds, local.Spread, local.Calls);
    }

    /// <summary>A model with batch normalisation: its first rank sends more than the others, so an echo cannot stand for them.
    /// Its step is that of its own samples alone, and what another model of the same images takes more over ranks than
    /// alone.</summary>
    private static LocalSteps Estimate(string model, LocalSteps other)
    {
        long parameters = RankModel.ParametersOf(model);
        RankSteps.Prepare(model, null);
        var alone = Enumerable
            .Range(0, 9)
            .Select(i => 1 << i)
            .ToDictionary(b => b, b => (Own: Alone(model, b), Other: Alone(other.Model, b)));
        RankSteps Of(Entry entry)
        {
            var (own, same) = alone[entry.Batch / entry.Ranks];
            return entry.Ranks == 1
                ? own
                : own with
                {
                    Seconds = own.Seconds + Math.Max(0, entry.Steps.Seconds - same.Seconds),
                    Calls = [.. Scaled(entry.Steps.Calls, (double)parameters / other.Parameters)],
                };
        }

        return new LocalSteps(model, parameters, [.. other.Measured.Select(entry => entry with { Steps = Of(entry) })]);
    }

    private static RankSteps Alone(string model, int batch)
    {
        double seconds = RankSteps.Measure(model, batch, 1, 4, null).Seconds;
        return Enumerable
            .Range(0, 2)
            .Select(_ => RankSteps.Measure(model, batch, 1, StepsOf(seconds), null))
            .MinBy(steps => steps.Seconds)!;
    }

    /// <summary>The all-to-all of the gradients, and the all-gather behind it, for another number of parameters.</summary>
    private static IEnumerable<Collective> Scaled(IReadOnlyList<Collective> calls, double factor) =>
        calls.Select(
            (call, i) =>
                call.IsAllToAll || (i > 0 && calls[i - 1].IsAllToAll) ? call with { Bytes = (long)(call.Bytes * factor) } : call
        );

    private static int StepsOf(double seconds) => Math.Clamp((int)(Seconds / seconds), 4, 40);
}
