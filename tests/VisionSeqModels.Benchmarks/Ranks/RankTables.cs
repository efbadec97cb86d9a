using VisionSeqModels.Benchmarks.Compare;

namespace VisionSeqModels.Benchmarks.Ranks;

/// <summary>The tables of docs/scale.md on training.</summary>
internal static class RankTables
{
    private const double Half = 0.5;
    private static readonly int[] Shown = [1, 2, 8, 32, 128, 256];

    public static void Print(IReadOnlyList<LocalSteps> locals)
    {
        Table.Print([
            ["own ms of a step (KB sent)", "parameters", "batch", .. Shown.Select(ranks => Text($"{ranks} ranks"))],
            .. from local in locals
            from batch in LocalSteps.Batches
            select (string[])
                [
                    local.Model,
                    Text($"{local.Parameters:n0}"),
                    Text($"{batch:n0}"),
                    .. Shown.Select(ranks => ranks > batch ? "" : Own(local, batch, ranks)),
                ],
        ]);
        Table.Print([
            [
                "speed-up",
                "batch",
                .. RankLink.Networks.SelectMany(link => new[] { $"{link.Name}: 2 ranks", "pays", "most ranks: speed-up" }),
            ],
            .. from local in locals
            from batch in LocalSteps.Batches
            select (string[])
                [local.Model, Text($"{batch:n0}"), .. RankLink.Networks.SelectMany(link => SpeedUps(local, link, batch))],
        ]);
        Table.Print([
            [
                "overlap",
                "batch",
                "ranks",
                .. RankLink.Networks.SelectMany(link => new[] { $"{link.Name}: step, ms", "hidden at most, ms" }),
            ],
            .. from local in locals
            from batch in LocalSteps.Batches.Take(2)
            from ranks in new[] { 2, 8 }
            select (string[])
                [
                    local.Model,
                    Text($"{batch:n0}"),
                    Text($"{ranks}"),
                    .. RankLink.Networks.SelectMany(link => Overlap(local, link, batch, ranks)),
                ],
        ]);
    }

    public static string Text(FormattableString text) => FormattableString.Invariant(text);

    /// <summary>What a rank does itself, and what it sends.</summary>
    private static string Own(LocalSteps local, int batch, int ranks)
    {
        var own = local.Of(batch, ranks);
        string milliseconds = Text($"{1e3 * own.Seconds:f1}");
        return ranks == 1 ? milliseconds : Text($"{milliseconds} ({own.BytesSent(ranks) / 1e3:n0})");
    }

    /// <summary>Of two ranks; the most ranks that work at half efficiency or more; the fastest number of them.</summary>
    private static string[] SpeedUps(LocalSteps local, RankLink link, int batch)
    {
        var all = LocalSteps
            .Ranks.Where(ranks => ranks <= batch)
            .Select(ranks => (Ranks: ranks, SpeedUp: local.Over(link, batch, 1) / local.Over(link, batch, ranks)))
            .ToList();
        var (ranks, best) = all.MaxBy(entry => entry.SpeedUp);
        return
        [
            Text($"{all[1].SpeedUp:f2}"),
            Text($"{all.Last(entry => entry.SpeedUp >= Half * entry.Ranks).Ranks}"),
            Text($"{ranks}: {best:f1}"),
        ];
    }

    /// <summary>A step, and the most that overlap can hide of it: all of the gradients' exchange, or all of the computing where
    /// that is less.</summary>
    private static string[] Overlap(LocalSteps local, RankLink link, int batch, int ranks)
    {
        var own = local.Of(batch, ranks);
        double step = local.Over(link, batch, ranks);
        double rest = new RankSimulation(link, ranks).Step(own.Seconds, own.Spread, Rest(own));
        return [Text($"{1e3 * step:f1}"), Text($"{1e3 * Math.Min(step - rest, own.Seconds):f2}")];
    }

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
}
