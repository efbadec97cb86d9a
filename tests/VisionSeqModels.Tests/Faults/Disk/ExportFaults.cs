using VisionSeqModels.Drawing;

namespace VisionSeqModels.Tests.Faults;

/// <summary>Weights, an ONNX file, a page and a chart, over good ones of another model.</summary>
internal sealed class ExportFaults : FaultScenario
{
    private static readonly string[] Names = ["model.safetensors", "model.onnx", "model.html", "curve.png"];

    private static readonly Lazy<DiskImage> Before = new(() => Written(seed: 1));

    private static readonly Lazy<DiskImage> After = new(() => Written(seed: 2));

    public override string Name => "export";

    public override DiskImage Begin() => Before.Value;

    public override void Run(SimulatedDisk disk)
    {
        Write(
            disk.Root,
            seed: 2,
            name => disk.Promise(name, root => Of(DiskImage.Of(root), name).SequenceEqual(Of(After.Value, name)))
        );
    }

    public override IReadOnlyList<string> Result(string folder) =>
        [.. Names.Select(name => $"{name} {Convert.ToHexString(Of(DiskImage.Of(folder), name).Take(32).ToArray())}")];

    /// <summary>Each is the file of before or the new one.</summary>
    public override IEnumerable<string> HalfFiles(string folder)
    {
        var found = DiskImage.Of(folder);
        return Names.Where(name =>
            !Of(found, name).SequenceEqual(Of(Before.Value, name)) && !Of(found, name).SequenceEqual(Of(After.Value, name))
        );
    }

    private static byte[] Of(DiskImage image, string name) => image.Entries.Single(entry => entry.Path == $"out/{name}").Content!;

    private static DiskImage Written(long seed)
    {
        using var folder = new TempFolder();
        Write(folder.Root, seed, _ => { });
        return DiskImage.Of(folder.Root);
    }

    private static void Write(string root, long seed, Action<string> written)
    {
        using var data = SyntheticImages.Create(
            new SyntheticImagesOptions
            {
                TrainCount = 4,
                TestCount = 2,
                Size = 16,
            }
        );
        using var model = VisionModels.LeNet(
            LeNetOptions.For(data) with
            {
                Conv1Channels = 2,
                Conv2Channels = 2,
                Fc1Size = 4,
                Fc2Size = 4,
                Seed = seed,
            }
        );
        string folder = Path.Combine(root, "out");
        model.SaveWeights(Path.Combine(folder, Names[0]));
        written(Names[0]);
        model.SaveOnnx(Path.Combine(folder, Names[1]), data.Train);
        written(Names[1]);
        model.SavePage(Path.Combine(folder, Names[2]), data.Train);
        written(Names[2]);
        LineChart
            .Draw([
                new LineSeries
                {
                    Name = "a",
                    X = [1, 2],
                    Y = [1, seed],
                },
            ])
            .SavePng(Path.Combine(folder, Names[3]));
        written(Names[3]);
    }
}
