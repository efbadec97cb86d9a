using VisionSeqModels.Data;
using VisionSeqModels.Training;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Training;

/// <summary>What the trainer allocates on the managed heap in a step, beyond what TorchSharp does in a bare one; counted in
/// bytes, not in time.</summary>
[Collection("Torch")]
public sealed class AllocationTests
{
    private const int Steps = 1000;
    private const int BatchSize = 4;

    /// <summary>About 15 handles of TorchSharp's: the batch, the metrics and their scopes.</summary>
    private const long MostBytesAStep = 1024;

    [Fact]
    public void Fit_AddsAFewHandlesToABareStep_AndNoCollection()
    {
        using var data = Images((100 + Steps + 1) * BatchSize);
        long bare = BareLoop(data);
        var watch = new Watch(Steps * (bare + MostBytesAStep));
        using var model = Model();
        new Trainer(
            new TrainerOptions
            {
                Epochs = 1,
                BatchSize = BatchSize,
                Seed = 1,
                Device = "cpu",
            }
        )
        {
            Callbacks = { watch },
        }.Fit(model, data);

        Assert.Equal(100 + Steps + 1, watch.StepsSeen);
        Assert.InRange((watch.Bytes / Steps) - bare, long.MinValue, MostBytesAStep);
        Assert.Equal(0, watch.Collections);
    }

    /// <summary>Bytes a step of a hand-written loop over a batch that is there already.</summary>
    private static long BareLoop(ImageDataset data)
    {
        using var scope = NewDisposeScope();
        using var model = Model();
        using var optimizer = optim.Adam([.. model.parameters()]);
        var batch = data.Read(new BatchRequest { BatchSize = BatchSize }).First();
        long begin = 0;
        for (int step = 0; step < 100 + Steps; step++)
        {
            begin = step == 100 ? GC.GetAllocatedBytesForCurrentThread() : begin;
            using var inner = NewDisposeScope();
            optimizer.zero_grad();
            var loss = nn.functional.cross_entropy(model.call(batch.Inputs), batch.Targets);
            loss.backward();
            optimizer.step();
        }

        return (GC.GetAllocatedBytesForCurrentThread() - begin) / Steps;
    }

    private static ImageDataset Images(int count)
    {
        using var scope = NewDisposeScope();
        return new ImageDataset(
            "noise",
            randint(0, 256, [count, 1, 4, 4], dtype: ScalarType.Byte),
            randint(0, 3, [count], dtype: ScalarType.Int64),
            ["a", "b", "c"]
        );
    }

    private static nn.Module<Tensor, Tensor> Model() =>
        nn.Sequential(("flat", nn.Flatten()), ("hidden", nn.Linear(16, 8)), ("tanh", nn.Tanh()), ("out", nn.Linear(8, 3)));

    /// <summary>From the 100th step on, for a thousand: has the runtime keep that much memory ready, so that there is a
    /// collection only where more is allocated.</summary>
    private sealed class Watch(long budget) : Callback
    {
        private int _collections;

        public long StepsSeen { get; private set; }

        public long Bytes { get; private set; }

        public int Collections { get; private set; } = -1;

        public override void OnStepEnd(StepEndEvent e)
        {
            StepsSeen = e.Step;
            if (e.Step == 100)
            {
                Assert.True(GC.TryStartNoGCRegion(budget));
                _collections = GC.CollectionCount(0);
                Bytes = -GC.GetAllocatedBytesForCurrentThread();
            }

            if (e.Step == 100 + Steps)
            {
                Bytes += GC.GetAllocatedBytesForCurrentThread();
                Collections = GC.CollectionCount(0) - _collections;
                if (Collections == 0)
                {
                    GC.EndNoGCRegion();
                }
            }
        }
    }
}
