using VisionSeqModels.Benchmarks.Compare;
using VisionSeqModels.Torch;

namespace VisionSeqModels.Benchmarks.DeviceCheck;

/// <summary>Short trainings on a device that take each way that is a GPU's alone, beside the same on the CPU.</summary>
/// <remarks>The CPU as the device is handled as a GPU is.</remarks>
internal static class DeviceRuns
{
    private const int Images = 512;

    /// <summary>The mean loss of an epoch depends on rounding; where both devices draw the same it differs little.</summary>
    private const double Alike = 2e-2;

    /// <summary>Rounding to 8 bits of a factor.</summary>
    private const double Rounded = 5e-2;

    /// <summary>Random numbers of a device are its own: the loss has to be a number near the other one.</summary>
    private const double Random = 0.5;

    private static readonly (string Name, string Model, double Allowed, Func<TrainerOptions, TrainerOptions> Change)[] All =
    [
        .. Workload.Names.Select(name => ("Adam", name, Alike, (Func<TrainerOptions, TrainerOptions>)(o => o))),
        ("images made on the CPU, pinned", "lenet", Alike, o => o with { DataPlacement = DataPlacement.Host }),
        ("AdamW, gradients clipped", "lenet", Alike, o => o with { Optimizer = new AdamWOptions(), ClipGradientNorm = 1 }),
        (
            "SGD, windows of two batches",
            "lenet",
            Alike,
            o =>
                o with
                {
                    Optimizer = new SgdOptions { Momentum = 0.9 },
                    GradientAccumulationSteps = 2,
                }
        ),
        ("bfloat16", "lenet", Rounded, o => o with { Precision = TrainingPrecision.BFloat16 }),
        ("bfloat16", "gru", Rounded, o => o with { Precision = TrainingPrecision.BFloat16 }),
        (
            "augmentations",
            "lenet",
            Random,
            o =>
                o with
                {
                    Augmentations =
                    [
                        new RandomCrop(),
                        new RandomHorizontalFlip(),
                        new RandomRotation(),
                        new CutMix { ClassCount = 10 },
                    ],
                }
        ),
        ("a value read each step", "lenet", Alike, o => o with { LogEverySteps = 1 }),
    ];

    /// <summary>Trains, one run after the other; one that fails does not stop the others, and its distance is NaN.</summary>
    /// <param name="device">The device.</param>
    /// <param name="say">Called where a run begins and where it ends: a failure of libtorch may end the process.</param>
    public static IEnumerable<DeviceDifference> Measure(string device, Action<string> say)
    {
        foreach (var (name, model, allowed, change) in All)
        {
            say($"{model}: {name}");
            double distance = Distance(model, device, change, say);
            say(FormattableString.Invariant($"  {distance:e1}"));
            yield return new(model, $"training loss: {name}", distance, allowed);
        }
    }

    private static double Distance(string model, string device, Func<TrainerOptions, TrainerOptions> change, Action<string> say)
    {
        try
        {
            double here = Loss(model, "cpu", change, isRemote: false);
            return Math.Abs(Loss(model, device, change, isRemote: true) - here) / here;
        }
        catch (Exception e)
        {
            say($"  {e.GetType().Name}: {e.Message.Split('\n')[0]}");
            return double.NaN;
        }
    }

    /// <summary>Of the second epoch.</summary>
    private static double Loss(string name, string device, Func<TrainerOptions, TrainerOptions> change, bool isRemote)
    {
        using var images = Workload.Load(name, Images, null);
        using var model = new Workload(name, images).Model();
        var options = new TrainerOptions
        {
            Epochs = 2,
            BatchSize = 32,
            Seed = 1,
            Device = device,
            DefaultCallbacks = false,
        };
        HostDevice.IsRemote = isRemote;
        try
        {
            return new Trainer(change(options)).Fit(model, images)["train_loss"][^1];
        }
        finally
        {
            HostDevice.IsRemote = false;
        }
    }
}
