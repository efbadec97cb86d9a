using VisionSeqModels.Benchmarks.Compare;

namespace VisionSeqModels.Benchmarks.Ranks;

/// <summary>The tables of docs/scale.md on training.</summary>
internal static class RankTables
{
    private const double Half = 0.5;

    public static void Print(LocalSteps local)
    {
        Console.WriteLine(Text($"{local.Model}: {local.Parameters:n0} parameters, shards = ranks\n"));
        Own(local);
        SpeedUps(local);
        BreakEven(local);
        Overlap(local);
    }

    public static string Text(FormattableString text) => FormattableString.Invariant(text);

    /// <summary>What a rank does itself, and what it sends.</summary>
    private static void Own(LocalSteps local) =>
        Table.Print([
            ["batch", .. LocalSteps.Ranks.Select(ranks => Text($"{ranks}: ms (KB)"))],
            .. LocalSteps.Batches.Select(batch =>
                (string[])
                    [
                        Text($"{batch:n0}"),
                        .. LocalSteps.Ranks.Select(ranks =>
                            ranks > batch
                                ? ""
                                : Text($"{1e3 * local.Of(batch, ranks).Seconds:f2} ({Sent(local, batch, ranks) / 1e3:n0})")
                        ),
                    ]
            ),
        ]);

    private static void SpeedUps(LocalSteps local) =>
        Table.Print([
            ["speed-up", "batch", .. LocalSteps.Ranks.Skip(1).Select(ranks => Text($"{ranks}"))],
            .. Each(
                (link, batch) =>
                    (string[])
                        [
                            link.Name,
                            Text($"{batch:n0}"),
                            .. LocalSteps
                                .Ranks.Skip(1)
                                .Select(ranks => ranks > batch ? "" : Text($"{SpeedUp(local, link, batch, ranks):f2}")),
                        ]
            ),
        ]);

    private static void BreakEven(LocalSteps local) =>
        Table.Print([
            ["network", "batch", "2 ranks", "most ranks at half efficiency or more", "its speed-up", "fastest", "its speed-up"],
            .. Each(
                (link, batch) =>
                {
                    var all = LocalSteps
                        .Ranks.Where(ranks => ranks <= batch)
                        .Select(ranks => (Ranks: ranks, SpeedUp: SpeedUp(local, link, batch, ranks)))
                        .ToList();
                    var half = all.Last(entry => entry.SpeedUp >= Half * entry.Ranks);
                    var best = all.MaxBy(entry => entry.SpeedUp);
                    return (string[])
                        [
                            link.Name,
                            Text($"{batch:n0}"),
                            Text($"{all[1].SpeedUp:f2}"),
                            Text($"{half.Ranks}"),
                            Text($"{half.SpeedUp:f1}"),
                            Text($"{best.Ranks}"),
                            Text($"{best.SpeedUp:f1}"),
                        ];
                }
            ),
        ]);

    /// <summary>The most that overlap can hide: all of the gradients' exchange, or all of the computing where that is
    /// less.</summary>
    private static void Overlap(LocalSteps local) =>
        Table.Print([
            ["network", "batch", "ranks", "computing ms", "gradients' exchange ms", "step ms", "step with full overlap ms"],
            .. Each(
                    (link, batch) =>
                        new[] { 2, 8 }.Select(ranks =>
                        {
                            var own = local.Of(batch, ranks);
                            double step = local.Over(link, batch, ranks);
                            double rest = new RankSimulation(link, ranks).Step(own.Seconds, own.Spread, Rest(own));
                            double exchange = step - rest;
                            return (string[])
                                [
                                    link.Name,
                                    Text($"{batch:n0}"),
                                    Text($"{ranks}"),
                                    Text($"{1e3 * own.Seconds:f2}"),
                                    Text($"{1e3 * exchange:f2}"),
                                    Text($"{1e3 * step:f2}"),
                                    Text($"{1e3 * (step - Math.Min(exchange, own.Seconds)):f2}"),
                                ];
                        })
                )
                .SelectMany(rows => rows),
        ]);

    /// <summary>A step's operations without those of the gradients: the all-to-all, and the all-gather behind it.</summary>
    private static List<Collective> Rest(RankSteps steps)
    {
        var rest = new List<Collective>();
        bool isBehind = false;
        foreach (var call in steps.Calls)
        {
            if (!call.IsAllToAll && !isBehind)
            {
                rest.Add(call);
            }

            isBehind = call.IsAllToAll;
        }

        return rest;
    }

    private static IEnumerable<T> Each<T>(Func<RankLink, int, T> row) =>
        from link in RankLink.Networks
        from batch in LocalSteps.Batches
        select row(link, batch);

    private static double SpeedUp(LocalSteps local, RankLink link, int batch, int ranks) =>
        local.Over(link, batch, 1) / local.Over(link, batch, ranks);

    private static long Sent(LocalSteps local, int batch, int ranks) => local.Of(batch, ranks).BytesSent(ranks);
}
