using VisionSeqModels.Training;

namespace VisionSeqModels.Tests.Training;

[Collection("Torch")]
public sealed class ResumeMatrixTests
{
    public static TheoryData<string> Matrix =>
        [
            .. from model in ResumeScenario.Models
            from optimizer in ResumeScenario.Optimizers
            from feature in ResumeScenario.Features
            select $"{model}/{optimizer}/{feature}",
            .. from optimizer in ResumeScenario.FurtherOptimizers
            from feature in new[] { "dropout", "accumulation" }
            select $"gru/{optimizer}/{feature}",
            "lenet/adam/mixing",
            .. from model in ResumeScenario.Models select $"{model}/adam/{ResumeScenario.BFloat16}",
            $"lenet/sgd/{ResumeScenario.BFloat16}",
            .. from model in ResumeScenario.Models
            from optimizer in ResumeScenario.Optimizers
            select $"{model}/{optimizer}/{ResumeScenario.Freezing}",
            .. from optimizer in ResumeScenario.FurtherOptimizers select $"lenet/{optimizer}/{ResumeScenario.Freezing}",
        ];

    [Theory]
    [MemberData(nameof(Matrix))]
    public void Resume_AfterCancellations_IsBitIdenticalToARunInOnePiece(string name)
    {
        using var folder = new TempFolder();
        var scenario = ResumeScenario.Parse(name);
        string whole = scenario.Run(folder["whole"]);

        string? sum = null;
        int parts = 0;
        for (int step = 2; sum is null; step += 3)
        {
            sum = RunUntil(step, scenario, folder["parts"]);
            parts++;
        }

        Assert.Equal(whole, sum);
        Assert.InRange(parts, 2, 10);
    }

    private static string? RunUntil(int step, ResumeScenario scenario, string folder)
    {
        using var source = new CancellationTokenSource();
        var cancel = new CancelAt(step, source);
        string sum = scenario.Run(folder, cancel, source.Token);
        return cancel.Happened ? null : sum;
    }

    private sealed class CancelAt(int step, CancellationTokenSource source) : Callback
    {
        public bool Happened { get; private set; }

        public override void OnStepEnd(StepEndEvent e)
        {
            if (e.Step == step)
            {
                Happened = true;
                source.Cancel();
            }
        }
    }
}
