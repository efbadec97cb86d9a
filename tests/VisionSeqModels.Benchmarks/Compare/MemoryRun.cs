using System.CommandLine;
using System.Text.Json;
using TorchSharp;

namespace VisionSeqModels.Benchmarks.Compare;

/// <summary>The most memory that LeNet's training on a whole CIFAR-10 takes, two epochs with an evaluation after each, in a
/// process of its own.</summary>
internal static class MemoryRun
{
    private const int Images = 10_000; // in each of six files

    /// <summary>Bytes by who trained; PyTorch is left out where it is missing.</summary>
    public static Dictionary<string, long> Measure(string? dataDirectory, int threads)
    {
        string folder = dataDirectory ?? Directory.CreateTempSubdirectory("visionseq-memory-").FullName;
        if (dataDirectory is null)
        {
            WriteNoise(Path.Combine(folder, "cifar-10-batches-bin"));
        }

        var peaks = new Dictionary<string, long>
        {
            ["Trainer.Fit"] = Peak(folder, threads),
            ["Trainer.Fit, run folder"] = Peak(folder, threads, "--run-folder"),
        };
        if (PyTorch.Version is not null)
        {
            peaks["PyTorch"] = PyTorch
                .Train("--model", "lenet", "--data-dir", folder, "--epochs", "2", "--threads", PyTorch.Text(threads))
                .GetProperty("peak_memory")
                .GetInt64();
        }

        if (dataDirectory is null)
        {
            Directory.Delete(folder, recursive: true);
        }

        return peaks;
    }

    /// <summary>The child's side; hidden, since <c>compare</c> starts it.</summary>
    public static Command Create()
    {
        var folder = new Argument<string>("folder");
        var threads = new Argument<int>("threads");
        var runFolder = new Option<bool>("--run-folder");
        var command = new Command("memory-run") { folder, threads, runFolder };
        command.Hidden = true;
        command.SetAction(line =>
        {
            torch.set_num_threads(line.GetValue(threads));
            using var data = Cifar10.Load(line.GetValue(folder), new DatasetOptions { Download = false });
            using var model = VisionModels.LeNet(new LeNetOptions { Seed = 1 });
            string? run = line.GetValue(runFolder) ? Directory.CreateTempSubdirectory("visionseq-memory-").FullName : null;
            new Trainer(
                new TrainerOptions
                {
                    Epochs = 2,
                    Seed = 1,
                    Device = "cpu",
                    RunDirectory = run,
                }
            ).Fit(model, data.Train, data.Test);
            Console.WriteLine(JsonSerializer.Serialize(Machine.PeakMemory()));
            if (run is not null)
            {
                Directory.Delete(run, recursive: true);
            }
        });
        return command;
    }

    private static long Peak(params object[] arguments) =>
        JsonSerializer.Deserialize<long>(Child.Run(["memory-run", .. arguments]));

    /// <summary>CIFAR-10's files with noise for images: memory does not depend on what is in them.</summary>
    public static void WriteNoise(string folder)
    {
        Directory.CreateDirectory(folder);
        var random = new Random(1);
        byte[] content = new byte[Images * 3073];
        foreach (string name in Enumerable.Range(1, 5).Select(i => $"data_batch_{i}.bin").Append("test_batch.bin"))
        {
            random.NextBytes(content);
            for (int i = 0; i < Images; i++)
            {
                content[i * 3073] = (byte)random.Next(10);
            }

            File.WriteAllBytes(Path.Combine(folder, name), content);
        }
    }
}
