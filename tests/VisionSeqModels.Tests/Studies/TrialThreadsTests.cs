using VisionSeqModels.Data;
using VisionSeqModels.Studies;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Studies;

[Collection("Torch")]
public sealed class TrialThreadsTests
{
    private static readonly FitData Safe = new() { Train = new Source("safe", true) };

    [Fact]
    public void Counts_AreWhatIsAskedFor()
    {
        Assert.Equal((3, 2), TrialThreads.Of(new StudyOptions { ParallelTrials = 3, ThreadsPerTrial = 2 }, Safe, 1));
        Assert.Equal((1000, 1), TrialThreads.Of(new StudyOptions { ParallelTrials = 1000 }, Safe, 1));
        Assert.Equal((1, get_num_threads()), TrialThreads.Of(new StudyOptions { ParallelTrials = 1 }, Safe, 9));
    }

    [Fact]
    public void ByDefault_ThreadsAreDividedAmongTheTrials()
    {
        using var threads = new ThreadCount(3);
        Assert.Equal((1, 3), TrialThreads.Of(new StudyOptions(), Safe, 1));
        if (!cuda.is_available())
        {
            Assert.Equal((3, 1), TrialThreads.Of(new StudyOptions(), Safe, 10_000));
            Assert.Equal((2, 1), TrialThreads.Of(new StudyOptions(), Safe, 2));
        }
    }

    [Fact]
    public void DataThatOneMayReadAtATime_AllowsOneTrial()
    {
        var unsafeTest = new FitData { Train = new Source("safe", true), Test = new Source("mine", false) };
        using var threads = new ThreadCount(3);
        Assert.Equal((1, 3), TrialThreads.Of(new StudyOptions(), unsafeTest, 9));
        Assert.Equal(1, TrialThreads.Of(new StudyOptions { ParallelTrials = 1 }, unsafeTest, 9).AtOnce);
        Assert.Equal(
            "StudyOptions.ParallelTrials is 2, but the data 'mine' (Source) does not support being read by several "
                + "trials at once: "
                + "its SupportsConcurrentReads is false. Set ParallelTrials to 1, or have the data support it.",
            Assert
                .Throws<ArgumentException>(() => TrialThreads.Of(new StudyOptions { ParallelTrials = 2 }, unsafeTest, 9))
                .Message
        );
    }

    [Fact]
    public void OneThread_IsTheCallers()
    {
        var thread = Thread.CurrentThread;
        TrialThreads.Run(1, () => Assert.Same(thread, Thread.CurrentThread));
        Assert.Throws<InvalidOperationException>(() => TrialThreads.Run(1, () => throw new InvalidOperationException()));
    }

    [Fact]
    public void EachThread_DoesTheWork_AndTheFirstFailureIsThrownWhenAllAreDone()
    {
        var names = new System.Collections.Concurrent.ConcurrentBag<string?>();
        TrialThreads.Run(3, () => names.Add(Thread.CurrentThread.Name));
        Assert.Equal(["trials 1", "trials 2", "trials 3"], names.Order());
        int begun = 0;
        var error = Assert.Throws<InvalidOperationException>(() =>
            TrialThreads.Run(
                3,
                () =>
                {
                    if (Interlocked.Increment(ref begun) == 1)
                    {
                        throw new InvalidOperationException("first");
                    }
                }
            )
        );
        Assert.Equal(("first", 3), (error.Message, begun));
    }

    [Fact]
    public void Run_ReturnsWhenAllAreDone()
    {
        int done = 0;
        TrialThreads.Run(
            3,
            () =>
            {
                Thread.Sleep(20);
                Interlocked.Increment(ref done);
            }
        );
        Assert.Equal(3, done);
    }

    private sealed class Source(string name, bool supports) : IBatchSource
    {
        public string Name => name;

        public long? SampleCount => 1;

        public bool SupportsConcurrentReads => supports;

        public IEnumerable<Batch> Read(BatchRequest request) => [];
    }
}
