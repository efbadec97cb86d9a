using TorchSharp;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Benchmarks.Compare;

/// <summary>A model trained in several ways at once, a few steps each in turn.</summary>
internal static class InterleavedRun
{
    public const string Fit = "Trainer.Fit";
    public const string ByHand = "by hand, batches made beforehand";
    public const string DataLoader = "by hand, TorchSharp's DataLoader";
    public const string PlainModules = "by hand, TorchSharp's modules alone";

    /// <summary>Milliseconds a step of every round, by who trained; <see cref="Fit"/> first. On a GPU these are Fit, the loop
    /// by hand, and PyTorch.</summary>
    public static Dictionary<string, double[]> Measure(
        string model,
        BlockPlan plan,
        string? dataDirectory,
        string device,
        bool asGpu
    )
    {
        var place = torch.device(device);
        bool isHost = place.type == DeviceType.CPU && !asGpu;
        HostDevice.IsRemote = asGpu;
        using var images = Workload.Load(model, plan.EpochSteps * Workload.BatchSize, dataDirectory);
        plan = plan with { Blocks = images.Count / Workload.BatchSize / (plan.Steps + plan.Settling) }; // of a small folder
        ArgumentOutOfRangeException.ThrowIfZero(plan.Blocks);
        using var samples = isHost ? new SampleTensors(images) : null;
        using var scope = NewDisposeScope(); // keeps the batches
        var work = new Workload(model, images);
        var batches = Contenders.Batches(images, place);
        string raw = Directory.CreateTempSubdirectory("visionseq-compare-").FullName;
        PyTorch.Write(images, raw);
        List<IContender> others = [Contenders.ByHand(ByHand, work.Model().to(place), batches)];
        if (samples is not null)
        {
            others.Add(Contenders.ByExample(DataLoader, work.Model(), samples));
            others.Add(Contenders.ByHand(PlainModules, PlainModels.Create(model), batches));
        }

        Action? wait = isHost ? null : () => Wait(place);
        others = [.. others.Select(other => wait is null ? other : new AwaitedContender(other, wait))];
        if (Contenders.Eager(model, raw, device) is ProcessContender python)
        {
            others.Add(python);
        }

        var times = new BlockTimes(plan, others.Count + 1);
        var options = new TrainerOptions
        {
            Epochs = plan.Rounds + 3, // the blocks begin within the first one
            BatchSize = Workload.BatchSize,
            Seed = 1,
            Device = device,
        };
        using (var fitted = work.Model())
        {
            var blocks = new FitBlocks(plan, others, times);
            var trainer = new Trainer(options);
            if (wait is not null)
            {
                trainer.Callbacks.Add(new FitWaits(plan, wait));
            }

            trainer.Callbacks.Add(blocks);
            trainer.Fit(fitted, images);
        }

        HostDevice.IsRemote = false;
        others.ForEach(other => other.Dispose());
        Directory.Delete(raw, recursive: true);
        return Enumerable
            .Range(0, others.Count + 1)
            .ToDictionary(number => number == 0 ? Fit : others[number - 1].Name, times.MillisecondsAStep);
    }

    private static void Wait(Device place)
    {
        if (place.type == DeviceType.CUDA)
        {
            cuda.synchronize();
        }
    }
}
