using System.Diagnostics;
using System.Globalization;
using Xunit.Abstractions;

namespace VisionSeqModels.Tests.Faults;

/// <summary>Every fault of the disk at every call: after it the work comes to the same end, and nothing is lost that was said
/// to be saved. An ordinary run tries some cases, chosen by a seed (VISIONSEQ_FAULT_SEED); VISIONSEQ_FAULTS=all tries all,
/// VISIONSEQ_FAULTS=2/4 the second of four parts of them, and VISIONSEQ_FAULT_CASE one by its name.</summary>
[Collection("Torch")]
public sealed class FaultSimulatorTests(ITestOutputHelper output)
{
    private const int OrdinaryCases = 60;
    private static readonly string? Asked = Environment.GetEnvironmentVariable("VISIONSEQ_FAULTS");
    private static readonly string? Only = Environment.GetEnvironmentVariable("VISIONSEQ_FAULT_CASE");
    private static readonly int Seed = int.Parse(
        Environment.GetEnvironmentVariable("VISIONSEQ_FAULT_SEED") ?? "1",
        CultureInfo.InvariantCulture
    );

    public static TheoryData<string> Scenarios => [.. FaultScenario.All.Select(scenario => scenario.Name)];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void EveryFaultAtEveryCall_LosesNothing_AndTheWorkComesToTheSameEnd(string name)
    {
        var scenario = FaultScenario.All.Single(one => one.Name == name);
        long begin = Stopwatch.GetTimestamp();
        using var simulation = new FaultSimulation(scenario);
        simulation.List();
        if (Only is not null)
        {
            simulation.TryOnly(Only);
        }
        else
        {
            simulation.Try(Chosen(simulation.Faults + simulation.Images));
        }

        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{name}: {simulation.Operations} calls, {simulation.Faults} faults of calls, {simulation.Crashes} ends and "
                    + $"power cuts that leave {simulation.Images} different disks; {simulation.Tried} cases tried in "
                    + $"{Stopwatch.GetElapsedTime(begin).TotalSeconds:f1} s"
            )
        );
        Assert.True(simulation.Failures.Count == 0, string.Join("\n\n", simulation.Failures));
    }

    /// <summary>Which of so many cases are tried.</summary>
    private static Func<int, bool> Chosen(int cases)
    {
        if (Asked == "all")
        {
            return _ => true;
        }

        if (Asked?.Split('/') is [var part, var parts])
        {
            int every = int.Parse(parts, CultureInfo.InvariantCulture);
            int rest = int.Parse(part, CultureInfo.InvariantCulture) % every;
            return number => number % every == rest;
        }

        var random = new Random(Seed);
        var some = Enumerable.Range(0, OrdinaryCases).Select(_ => random.Next(cases)).ToHashSet();
        return some.Contains;
    }

    [Fact]
    public void MissingFlush_IsFound()
    {
        string failures = FailuresOf(
            (folder, image, plan) => new DiskWithoutFlushes(folder, image) { Planned = plan.Planned, Watch = plan.Watch }
        );
        Assert.Contains("PowerCutContents': model.safetensors", failures, StringComparison.Ordinal);
    }

    [Fact]
    public void RenameBeforeTheFlush_IsFound()
    {
        string failures = FailuresOf(
            (folder, image, plan) => new DiskWithLateFlushes(folder, image) { Planned = plan.Planned, Watch = plan.Watch }
        );
        Assert.Contains("FlushFolder out/PowerCutContents': model.safetensors", failures, StringComparison.Ordinal);
    }

    [Fact]
    public void LeaseRenewedWithoutItsToken_IsFound()
    {
        using var simulation = new FaultSimulation(new LedgerFaults(folder => new LedgerWithoutTokens(folder)));
        Assert.Contains(
            "has renewed the lease of 001_a, which another worker has",
            Assert.Throws<InvalidOperationException>(simulation.List).Message,
            StringComparison.Ordinal
        );
    }

    /// <summary>What all ends of the process and power cuts of an export come to.</summary>
    private static string FailuresOf(Func<string, DiskImage, DiskPlan, SimulatedDisk> makeDisk)
    {
        using var simulation = new FaultSimulation(new ExportFaults(), makeDisk);
        simulation.List();
        simulation.Try(number => number >= simulation.Faults);
        return string.Join('\n', simulation.Failures);
    }
}
