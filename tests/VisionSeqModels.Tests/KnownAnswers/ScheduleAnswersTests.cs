using System.Text.Json.Nodes;
using Xunit.Abstractions;

namespace VisionSeqModels.Tests.KnownAnswers;

/// <summary>Every schedule for random settings, short runs and warm-ups in both units included, against PyTorch.</summary>
public sealed class ScheduleAnswersTests(ITestOutputHelper output)
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "TestData", "pytorch");

    [Fact]
    public void EverySchedule_GivesTheKnownAnswersOfPyTorch() =>
        Compare(File.ReadAllText(Path.Combine(Folder, "schedules.json")), atLeast: 80);

    [PyTorchTheory]
    [InlineData(1)]
    [InlineData(2)]
    public void EverySchedule_IsPyTorchs_ForRandomSettings(int seed)
    {
        using var folder = new TempFolder();
        string script = File.ReadAllText(Path.Combine(Folder, "schedules.py"));
        PyTorch.Run(folder.Root, $"import sys\nsys.argv = ['', '{seed}', '400']\n{script}");
        Compare(File.ReadAllText(folder["schedules.json"]), atLeast: 400);
    }

    private void Compare(string json, int atLeast)
    {
        var cases = JsonNode.Parse(json)!.AsArray();
        Assert.True(cases.Count >= atLeast);
        Assert.Equal(5, cases.Select(entry => (string)entry!["schedule"]!).Distinct().Count());
        double largest = 0;
        foreach (var entry in cases)
        {
            var schedule = Schedule(entry!);
            Assert.Empty(schedule.Faults());
            var plan = new TrainingPlan((int)entry!["epochs"]!, (long)entry["steps"]!);
            double[] expected = [.. entry["factors"]!.AsArray().Select(value => (double)value!)];
            Assert.Equal(plan.TotalSteps, expected.Length);
            for (int step = 0; step < expected.Length; step++)
            {
                double error = Math.Abs(expected[step] - schedule.FactorAt(step, plan));
                Assert.True(error <= 1e-12, $"{error:g3} at step {step} of {entry.ToJsonString()}");
                largest = Math.Max(largest, error);
            }
        }

        output.WriteLine($"{cases.Count} schedules, largest error {largest:g3}");
    }

    private static LearningRateSchedule Schedule(JsonNode entry)
    {
        var (every, gamma) = ((int)entry["every"]!, (double)entry["gamma"]!);
        LearningRateSchedule schedule = (string)entry["schedule"]! switch
        {
            "step" => new StepSchedule { EveryEpochs = every, Gamma = gamma },
            "exponential" => new ExponentialSchedule { Gamma = gamma },
            "cosine" => new CosineSchedule { FinalFactor = (double)entry["final"]! },
            "constant" => new ConstantSchedule(),
            _ => new OneCycleSchedule
            {
                WarmupFraction = (double)entry["fraction"]!,
                DivFactor = (double)entry["div"]!,
                FinalDivFactor = (double)entry["final_div"]!,
                Annealing = (bool)entry["linear"]! ? AnnealingCurve.Linear : AnnealingCurve.Cosine,
            },
        };
        return schedule with
        {
            WarmupSteps = (int?)entry["warmup_steps"] ?? 0,
            WarmupEpochs = (double?)entry["warmup_epochs"] ?? 0,
        };
    }
}
