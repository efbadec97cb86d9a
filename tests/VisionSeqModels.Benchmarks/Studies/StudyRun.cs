using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using VisionSeqModels.Benchmarks.Compare;
using VisionSeqModels.Models;
using VisionSeqModels.Studies;
using static TorchSharp.torch;

namespace VisionSeqModels.Benchmarks.Studies;

/// <summary>What a child of <c>study</c> measured.</summary>
/// <param name="Seconds">Of the study; of several processes with their start.</param>
/// <param name="PeakMemory">The most bytes in place; of several processes their sum.</param>
/// <param name="Losses">Each trial's last training loss.</param>
internal sealed record StudyRun(double Seconds, long PeakMemory, double[] Losses)
{
    public const int Trials = 8;

    private static readonly (RecurrentCell Cell, int Units)[] All =
    [
        .. new[] { RecurrentCell.Rnn, RecurrentCell.Gru }.SelectMany(cell =>
            new[] { 32, 64, 96, 128 }.Select(units => (cell, units))
        ),
    ];

    public static StudyRun Measure(int images, int parallel, int threads, int first, int end) =>
        JsonSerializer.Deserialize<StudyRun>(Child.Run("study-run", images, parallel, threads, first, end))!;

    /// <summary>The child's side; hidden, since <c>study</c> starts it.</summary>
    public static Command Create()
    {
        var images = new Argument<int>("images");
        var parallel = new Argument<int>("parallel");
        var threads = new Argument<int>("threads");
        var first = new Argument<int>("first");
        var end = new Argument<int>("end");
        var command = new Command("study-run") { images, parallel, threads, first, end };
        command.Hidden = true;
        command.SetAction(line =>
        {
            using var data = Noise(line.GetValue(images));
            var plan = StudyPlan.List([
                .. All[line.GetValue(first)..line.GetValue(end)].Select(trial => ($"{trial.Cell} {trial.Units}", trial)),
            ]);
            string folder = Directory.CreateTempSubdirectory("visionseq-study-").FullName;
            long begin = Stopwatch.GetTimestamp();
            var study = Study.Run(
                folder,
                plan,
                (trial, seed) =>
                    new StudyTrial
                    {
                        Model = SequenceModels.Build(
                            trial.Cell,
                            new RecurrentOptions
                            {
                                InputSize = 28,
                                ClassCount = 10,
                                HiddenSize = trial.Units,
                                Seed = seed,
                            }
                        ),
                        Options = new TrainerOptions { Epochs = 1, Device = "cpu" },
                    },
                new FitData { Train = data },
                new StudyOptions
                {
                    Monitor = "train_loss",
                    HigherIsBetter = false,
                    ParallelTrials = line.GetValue(parallel),
                    ThreadsPerTrial = line.GetValue(threads),
                }
            );
            double seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
            Directory.Delete(folder, recursive: true);
            Console.WriteLine(
                JsonSerializer.Serialize(
                    new StudyRun(seconds, Machine.PeakMemory(), [.. study.Trials.Select(row => row.Final!["train_loss"]!.Value)])
                )
            );
        });
        return command;
    }

    private static ImageDataset Noise(int count)
    {
        using var scope = NewDisposeScope();
        var pixels = empty([count, 1, 28, 28], dtype: ScalarType.Byte);
        new Random(1).NextBytes(pixels.bytes);
        var labels = arange(count, dtype: ScalarType.Int64).remainder(10);
        return new ImageDataset("noise", pixels, labels, [.. Enumerable.Range(0, 10).Select(i => $"{i}")]);
    }
}
