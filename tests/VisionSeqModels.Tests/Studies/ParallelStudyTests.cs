using VisionSeqModels.Studies;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Studies;

[Collection("Torch")]
public sealed class ParallelStudyTests : IDisposable
{
    private static readonly StudyPlan<int> Sizes = StudyPlan
        .From(4)
        .Vary("hidden size", [4, 6, 8], (_, value) => value)
        .OneAtATime();
    private readonly TempFolder _folder = new();
    private readonly ImageDatasets _data = SyntheticImages.Create(
        new SyntheticImagesOptions
        {
            TrainCount = 96,
            TestCount = 32,
            Size = 16,
        }
    );

    public void Dispose()
    {
        _data.Dispose();
        _folder.Dispose();
    }

    /// <summary>With dropout, so that trials would take each other's random numbers if they could.</summary>
    [Fact]
    public void TrialsAtOnce_GiveTheSameBitsAsOneAfterAnother()
    {
        using var threads = new ThreadCount(1);
        var alone = Run("alone", new StudyOptions { Seeds = [1, 2], ParallelTrials = 1 });
        var together = Run(
            "together",
            new StudyOptions
            {
                Seeds = [1, 2],
                ParallelTrials = 3,
                ThreadsPerTrial = 1,
            }
        );

        Assert.Equal(6, alone.Trials.Select(row => row.Final!["train_loss"]).Distinct().Count());
        Assert.All(
            alone.Trials.Zip(together.Trials),
            rows =>
            {
                Assert.Equal(StopReason.Completed, rows.Second.Outcome);
                Assert.Equal(rows.First.Folder, rows.Second.Folder);
                Assert.Equal(rows.First.History!["train_loss"], rows.Second.History!["train_loss"]);
                Assert.Equal(Bytes("alone", rows.First), Bytes("together", rows.Second));
            }
        );
    }

    /// <summary>Each of the two waits in its first epoch for the other to come to its own.</summary>
    [Fact]
    public void Trials_RunAtOnce()
    {
        using var meeting = new Barrier(2);
        bool met = false;
        var study = Run(
            "s",
            new StudyOptions { Seeds = [1, 2], ParallelTrials = 2 },
            StudyPlan.List(("only", 4)),
            (size, seed) =>
                Make(size, seed) with
                {
                    Callbacks =
                    [
                        new TracingCallback([])
                        {
                            At = "StepEnd 2",
                            Act = _ => met = meeting.SignalAndWait(TimeSpan.FromMinutes(1)),
                        },
                    ],
                }
        );
        Assert.True(met);
        Assert.All(study.Trials, row => Assert.Equal(StopReason.Completed, row.Outcome));
    }

    [Fact]
    public void ThreadsOfTheCaller_AreDivided_AndStayAsTheyWere()
    {
        using var four = new ThreadCount(4);
        var study = Run("s", new StudyOptions { Seeds = [1, 2] }, StudyPlan.List(("only", 4)));
        Assert.All(study.Trials, row => Assert.Equal(2, row.History!.ThreadCount));
        Assert.Equal(4, get_num_threads());
        int later = 0;
        var thread = new Thread(() => later = get_num_threads());
        thread.Start();
        thread.Join();
        Assert.Equal(4, later);
        Assert.Equal(
            3,
            Run("t", new StudyOptions { ThreadsPerTrial = 3, ParallelTrials = 1 }, StudyPlan.List(("only", 4)))
                .Trials[0]
                .History!.ThreadCount
        );
    }

    [Fact]
    public void DataForOneReaderOnly_IsReadByOne_AndMoreAreRefused()
    {
        using var data = new TinyData(64);
        var fit = new FitData { Train = data };
        StudyTrial MakeTiny(int size, long seed) =>
            new()
            {
                Model = TinyModel.Create(),
                Options = new TrainerOptions { Epochs = 1, Device = "cpu" },
            };
        int atOnce = 0,
            most = 0;
        StudyTrial Watched(int size, long seed) =>
            MakeTiny(size, seed) with
            {
                Callbacks =
                [
                    new TracingCallback([]) { At = "FitStart", Act = _ => most = Math.Max(most, ++atOnce) },
                    new TracingCallback([]) { At = "FitEnd Completed", Act = _ => atOnce-- },
                ],
            };
        Assert.Equal(3, Study.Run(_folder["one"], Sizes, Watched, fit).Trials.Count(row => row.Outcome == StopReason.Completed));
        Assert.Equal(1, most);
        var error = Assert.Throws<ArgumentException>(() =>
            Study.Run(_folder["two"], Sizes, MakeTiny, fit, new StudyOptions { ParallelTrials = 2 })
        );
        Assert.Contains(
            "the data 'tiny' (TinyData) does not support being read by several trials at once",
            error.Message,
            StringComparison.Ordinal
        );
    }

    /// <summary>Kaiming's weights come from libtorch's one generator: without a seed they would be those of whoever drew
    /// before.</summary>
    [Fact]
    public void ModelsOfTheUsersOwn_StartFromTheTrialsSeed()
    {
        StudyTrial Own(int size, long seed) =>
            new()
            {
                Model = nn.Sequential(("flat", nn.Flatten()), ("out", nn.Linear(16 * 16 * 3, 10))),
                Options = new TrainerOptions { Epochs = 1, Device = "cpu" },
            };
        var options = new StudyOptions
        {
            Seeds = [1, 2],
            Monitor = "train_loss",
            HigherIsBetter = false,
        };
        var first = Run("a", options, StudyPlan.List(("own", 1)), Own);
        _ = rand(5);
        var second = Run(
            "b",
            options with
            {
                ParallelTrials = 2,
                ThreadsPerTrial = first.Trials[0].History!.ThreadCount,
            },
            StudyPlan.List(("own", 1)),
            Own
        );
        Assert.Equal(first.Trials.Select(row => row.Final!["train_loss"]), second.Trials.Select(row => row.Final!["train_loss"]));
        Assert.NotEqual(first.Trials[0].Final!["train_loss"], first.Trials[1].Final!["train_loss"]);
    }

    [Fact]
    public void Cancelled_AllTrialsUnderWaySaveTheirState_AndTheStudyResumes()
    {
        var options = new StudyOptions
        {
            Seeds = [1, 2],
            ParallelTrials = 2,
            ThreadsPerTrial = 1,
        };
        var whole = Run("whole", options);
        using var source = new CancellationTokenSource();
        using var meeting = new Barrier(2);
        StudyTrial Stopping(int size, long seed) =>
            Make(size, seed) with
            {
                Callbacks =
                    size != 4
                        ? []
                        :
                        [
                            new TracingCallback([])
                            {
                                At = "StepEnd 9",
                                Act = _ =>
                                {
                                    meeting.SignalAndWait(TimeSpan.FromMinutes(1));
                                    source.Cancel();
                                },
                            },
                        ],
            };
        var stopped = Run("parts", options, Sizes, Stopping, source.Token);
        Assert.Equal(
            [
                StopReason.Cancelled,
                StopReason.Cancelled,
                StopReason.Running,
                StopReason.Running,
                StopReason.Running,
                StopReason.Running,
            ],
            stopped.Trials.Select(row => row.Outcome)
        );

        var parts = Run("parts", options);
        Assert.All(whole.Trials.Zip(parts.Trials), rows => Assert.Equal(Bytes("whole", rows.First), Bytes("parts", rows.Second)));
    }

    /// <summary>TorchSharp still counts some tensors that a module has disposed; as many as that is for the models
    /// alone are left out.</summary>
    [Fact]
    public void NoTensorIsLeft()
    {
        long models = Left(() => Sizes.Settings.ToList().ForEach(setting => Make(setting.Value, 1).Model.Dispose()));
        int study = 0;
        Assert.Equal(models, Left(() => Run($"s{++study}", new StudyOptions { ParallelTrials = 2 })));
    }

    /// <summary>What the second time leaves; the first one may make what is kept for good.</summary>
    private static long Left(Action action)
    {
        action();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        long before = Tensor.TotalCount;
        action();
        return Tensor.TotalCount - before;
    }

    private byte[] Bytes(string study, TrialResult row) =>
        File.ReadAllBytes(Path.Combine(_folder[study], row.Folder, "checkpoints", "last.safetensors"));

    private Study Run(
        string name,
        StudyOptions options,
        StudyPlan<int>? plan = null,
        Func<int, long, StudyTrial>? make = null,
        CancellationToken cancellationToken = default
    ) =>
        Study.Run(
            _folder[name],
            plan ?? Sizes,
            make ?? Make,
            new FitData { Train = _data.Train, Test = _data.Test },
            options,
            cancellationToken: cancellationToken
        );

    private StudyTrial Make(int size, long seed) =>
        new()
        {
            Model = SequenceModels.Lstm(
                RecurrentOptions.For(_data) with
                {
                    HiddenSize = size,
                    LayerCount = 2,
                    Dropout = 0.4,
                    Seed = seed,
                }
            ),
            Options = new TrainerOptions
            {
                Epochs = 3,
                BatchSize = 16,
                Device = "cpu",
            },
        };
}
