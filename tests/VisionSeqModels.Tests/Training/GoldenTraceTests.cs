using VisionSeqModels.Training;

namespace VisionSeqModels.Tests.Training;

/// <summary>The exact sequence of hooks of a run of two epochs of two steps each, with test data and a run directory.</summary>
[Collection("Torch")]
public sealed class GoldenTraceTests
{
    private static readonly string[] Whole =
    [
        "FitStart",
        "EpochStart 1",
        "BeforeOptimizerStep 1",
        "StepEnd 1",
        "BeforeOptimizerStep 2",
        "StepEnd 2",
        "EvaluationEnd test 1",
        "EpochEnd 1",
        "CheckpointSaved 2",
        "EpochStart 2",
        "BeforeOptimizerStep 3",
        "StepEnd 3",
        "BeforeOptimizerStep 4",
        "StepEnd 4",
        "EvaluationEnd test 2",
        "EpochEnd 2",
        "CheckpointSaved 4",
        "FitEnd Completed",
    ];

    /// <summary>Where something happens, and how the trace continues after that; before, it is the whole one's.</summary>
    private static readonly (string At, string[] Stopped, string[] Cancelled)[] Ends =
    [
        ("FitStart", [], []),
        ("EpochStart 1", [], []),
        (
            "BeforeOptimizerStep 1",
            ["StepEnd 1", "CheckpointSaved 1", "EpochEnd 1 partial"],
            ["StepEnd 1", "CheckpointSaved 1", "EpochEnd 1 partial"]
        ),
        ("StepEnd 1", ["CheckpointSaved 1", "EpochEnd 1 partial"], ["CheckpointSaved 1", "EpochEnd 1 partial"]),
        ("StepEnd 2", ["EvaluationEnd test 1", "EpochEnd 1", "CheckpointSaved 2"], ["CheckpointSaved 2", "EpochEnd 1 partial"]),
        ("EvaluationEnd test 1", ["EpochEnd 1", "CheckpointSaved 2"], ["EpochEnd 1", "CheckpointSaved 2"]),
        ("EpochEnd 1", ["CheckpointSaved 2"], ["CheckpointSaved 2"]),
        ("CheckpointSaved 2", [], []),
        ("EpochStart 2", [], []),
        ("StepEnd 3", ["CheckpointSaved 3", "EpochEnd 2 partial"], ["CheckpointSaved 3", "EpochEnd 2 partial"]),
    ];

    public static TheoryData<string> Hooks => [.. Ends.Select(end => end.At)];

    [Fact]
    public void Fit_CallsEveryHookInTheDocumentedOrder()
    {
        using var folder = new TempFolder();
        Assert.Equal(Whole, Run(folder["run"]));
    }

    [Fact]
    public void TheDocumentedTrace_IsTheRealOne()
    {
        string text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "training-loop.md")).ReplaceLineEndings("\n");
        string[] parts = text.Split("```trace\n");
        Assert.Equal(2, parts.Length);
        Assert.Equal(Whole, parts[1].Split("```")[0].Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [MemberData(nameof(Hooks))]
    public void StopAtAHook_IsHonouredAtTheNextStepBoundary(string at)
    {
        using var folder = new TempFolder();
        var trace = Run(folder["run"], at, context => context.RequestStop("enough"));
        Assert.Equal([.. Until(at), .. Ends.Single(end => end.At == at).Stopped, "FitEnd StoppedEarly"], trace);
    }

    [Theory]
    [MemberData(nameof(Hooks))]
    public void CancelAtAHook_IsSeenBetweenStepsAndSavesTheState(string at)
    {
        using var folder = new TempFolder();
        using var source = new CancellationTokenSource();
        var trace = Run(folder["run"], at, _ => source.Cancel(), source.Token);
        Assert.Equal([.. Until(at), .. Ends.Single(end => end.At == at).Cancelled, "FitEnd Cancelled"], trace);
        Assert.True(RunDirectory.CanResume(folder["run"]));
    }

    [Theory]
    [MemberData(nameof(Hooks))]
    public void CancelAtAHook_ThenResume_CallsWhatIsLeft(string at)
    {
        using var folder = new TempFolder();
        using var source = new CancellationTokenSource();
        var first = Run(folder["run"], at, _ => source.Cancel(), source.Token);
        var second = Run(folder["run"]);

        int steps = first.Count(call => call.StartsWith("StepEnd", StringComparison.Ordinal));
        bool epochIsOver = steps == 0 || first.Contains($"EpochEnd {(steps + 1) / 2}"); // "partial" does not match
        int next = Array.IndexOf(
            Whole,
            epochIsOver ? $"EpochStart {(steps / 2) + 1}"
                : steps % 2 == 1 ? $"BeforeOptimizerStep {steps + 1}"
                : $"EvaluationEnd test {steps / 2}"
        );
        string[] again = epochIsOver ? [] : [$"EpochStart {(steps + 1) / 2}"];
        Assert.Equal(["FitStart resumed", .. again, .. Whole[next..]], second);
    }

    [Theory]
    [MemberData(nameof(Hooks))]
    [InlineData("FitEnd Completed")]
    public void ThrowAtAHook_NamesItAndStillEndsEveryCallbackOnce(string at)
    {
        using var folder = new TempFolder();
        List<string> trace = [];
        var last = new TracingCallback(trace, "last", CallbackStage.Report);
        var middle = new TracingCallback(trace, "middle", CallbackStage.Decide)
        {
            At = at,
            Act = _ => throw new InvalidOperationException("broken"),
        };
        var first = new TracingCallback(trace, "first");

        var error = Assert.Throws<CallbackException>(() => Run(folder["run"], [last, middle, first]));

        string hook = "On" + at.Split(' ')[0];
        Assert.Equal((middle, hook, "broken"), (error.Callback, error.Hook, error.InnerException!.Message));
        Assert.Contains(
            $"TracingCallback failed in {hook} at epoch {error.Epoch}, step {error.Step}: broken",
            error.Message,
            StringComparison.Ordinal
        );
        Assert.Equal(Thrown(at), trace);
    }

    [Fact]
    public void Callbacks_RunByStageThenAsAdded_AndEndInReverse()
    {
        using var folder = new TempFolder();
        List<string> trace = [];
        Run(
            folder["run"],
            [
                new TracingCallback(trace, "d", CallbackStage.Report),
                new TracingCallback(trace, "a"),
                new TracingCallback(trace, "b"),
                new TracingCallback(trace, "c", CallbackStage.Decide),
            ]
        );
        Assert.Equal(
            [
                .. Whole[..^1].SelectMany(call => "abcd".Select(name => $"{name}: {call}")),
                .. "dcba".Select(name => $"{name}: {Whole[^1]}"),
            ],
            trace
        );
    }

    [Fact]
    public void SecondErrorAtTheEnd_DoesNotHideTheFirst()
    {
        using var folder = new TempFolder();
        List<string> trace = [];
        var one = new TracingCallback(trace) { At = "StepEnd 1", Act = _ => throw new InvalidOperationException("the first") };
        var two = new TracingCallback(trace)
        {
            At = "FitEnd Failed",
            Act = _ => throw new InvalidOperationException("the second"),
        };
        var error = Assert.Throws<CallbackException>(() => Run(folder["run"], [one, two]));
        Assert.Equal("the first", error.InnerException!.Message);
        Assert.Equal(2, trace.Count(call => call == "FitEnd Failed"));
    }

    [Fact]
    public void Accumulation_IsOneStepEventAnOptimizerStep()
    {
        using var data = new TinyData(16);
        using var model = TinyModel.Create();
        List<string> trace = [];
        var options = new TrainerOptions
        {
            Epochs = 1,
            BatchSize = 2,
            GradientAccumulationSteps = 4,
            Device = "cpu",
            Seed = 1,
        };
        new Trainer(options) { Callbacks = { new TracingCallback(trace) } }.Fit(model, data);
        Assert.Equal(
            [
                "FitStart",
                "EpochStart 1",
                "BeforeOptimizerStep 1",
                "StepEnd 1",
                "BeforeOptimizerStep 2",
                "StepEnd 2",
                "EpochEnd 1",
                "FitEnd Completed",
            ],
            trace
        );
    }

    [Fact]
    public void DescribeOrder_ListsStagesThenRegistration()
    {
        var trainer = new Trainer
        {
            Callbacks = { new TracingCallback([], stage: CallbackStage.Report), new EarlyStopping(), new TracingCallback([]) },
        };
        Assert.Equal(
            "1. Observe: TracingCallback\n2. Decide: EarlyStopping\n3. Report: TracingCallback\nOnFitEnd runs in the "
                + "reverse order.\n",
            trainer.DescribeOrder()
        );
    }

    private static IEnumerable<string> Until(string at) => Whole.Take(Array.IndexOf(Whole, at) + 1);

    /// <summary>Three callbacks; the middle one throws: the first saw the call, the last did not, and all that were started
    /// are ended in reverse.</summary>
    private static List<string> Thrown(string at)
    {
        List<string> trace = [];
        string[] order = ["first", "middle", "last"];
        if (at.StartsWith("FitEnd", StringComparison.Ordinal))
        {
            trace.AddRange(Whole[..^1].SelectMany(call => order.Select(name => $"{name}: {call}")));
            trace.AddRange(order.Reverse().Select(name => $"{name}: {at}"));
            return trace;
        }

        trace.AddRange(Until(at).SkipLast(1).SelectMany(call => order.Select(name => $"{name}: {call}")));
        trace.AddRange([$"first: {at}", $"middle: {at}"]);
        string[] started = at == "FitStart" ? ["first", "middle"] : order;
        trace.AddRange(started.Reverse().Select(name => $"{name}: FitEnd Failed"));
        return trace;
    }

    private static List<string> Run(
        string folder,
        string? at = null,
        Action<FitContext>? act = null,
        CancellationToken cancellationToken = default
    )
    {
        List<string> trace = [];
        Run(folder, [new TracingCallback(trace) { At = at, Act = act }], cancellationToken);
        return trace;
    }

    private static void Run(string folder, Callback[] callbacks, CancellationToken cancellationToken = default)
    {
        using var data = new TinyData(8);
        using var model = TinyModel.Create();
        var trainer = new Trainer(
            new TrainerOptions
            {
                Epochs = 2,
                BatchSize = 4,
                Seed = 1,
                Device = "cpu",
                RunDirectory = folder,
                DefaultCallbacks = false,
            }
        );
        foreach (var callback in callbacks)
        {
            trainer.Callbacks.Add(callback);
        }

        _ = RunDirectory.CanResume(folder)
            ? trainer.Resume(folder, model, data, data, cancellationToken)
            : trainer.Fit(model, data, data, cancellationToken);
    }
}
