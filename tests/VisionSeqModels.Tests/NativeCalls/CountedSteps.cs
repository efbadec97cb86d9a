using System.Globalization;
using VisionSeqModels.Torch;
using VisionSeqModels.Training;

namespace VisionSeqModels.Tests.NativeCalls;

/// <summary>Trains a LeNet as on a GPU, on the CPU, and counts the calls of 20 steps. It runs in a process of its own.</summary>
internal static class CountedSteps
{
    private const int First = 10;
    private const int Steps = 20;

    /// <summary>A line a function: its name, and its calls a step.</summary>
    public static IEnumerable<string> Run(string kind, string folder)
    {
        var calls = CallCounter.Install(folder);
        HostDevice.IsRemote = true;
        using var images = SyntheticImages.Create(new() { TrainCount = 16 * (First + Steps + 2), TestCount = 10 });
        using var model = VisionModels.LeNet(LeNetOptions.For(images));
        var watch = new Watch(calls);
        var trainer = new Trainer(Options(kind)) { Callbacks = { watch } };
        trainer.Fit(model, images.Train);
        return watch
            .Calls.OrderByDescending(entry => entry.Value)
            .Select(entry => string.Create(CultureInfo.InvariantCulture, $"{entry.Key} {(double)entry.Value / Steps:0.###}"));
    }

    private static TrainerOptions Options(string kind)
    {
        var options = new TrainerOptions
        {
            Epochs = 1,
            BatchSize = 16,
            Seed = 1,
            Device = "cpu",
        };
        return kind switch
        {
            "adam" => options,
            "clipped" => options with
            {
                ClipGradientNorm = 1,
                Optimizer = new SgdOptions { Momentum = 0.9 },
            },
            "augmented" => options with
            {
                Augmentations =
                [
                    new RandomCrop(),
                    new RandomHorizontalFlip(),
                    new RandomShift(),
                    new Cutout(),
                    new RandomAffine(),
                    new RandomRotation(),
                    new RandomScale(),
                    new RandomErasing { Noise = true },
                    new ColorJitter { Normalization = ImageNormalization.Cifar10 },
                    new MixUp { ClassCount = 10 },
                    new CutMix { ClassCount = 10 },
                ],
            },
            _ => throw new ArgumentException(kind, nameof(kind)),
        };
    }

    private sealed class Watch(CallCounter calls) : Callback
    {
        private long[] _before = [];

        public Dictionary<string, long> Calls { get; private set; } = [];

        public override void OnStepEnd(StepEndEvent e)
        {
            if (e.Step == First)
            {
                _before = calls.Read();
            }

            if (e.Step == First + Steps)
            {
                Calls = calls.Between(_before, calls.Read());
            }
        }
    }
}
