using VisionSeqModels;
using VisionSeqModels.Models;
using VisionSeqModels.Samples;
using static TorchSharp.torch;

/// <summary>Trains the models alike: same data, order, optimizer and epochs.</summary>
internal sealed class Experiments(SampleRun run, ImageDatasets all, int hidden)
{
    public static readonly string[] Recurrent = ["RNN", "LSTM", "GRU"];
    public static readonly string[] Models = ["LeNet", .. Recurrent];

    public List<Trial> Train(
        IReadOnlyList<string> models,
        ImageDatasets data,
        string experiment,
        int? epochs = null,
        bool pixelByPixel = false
    )
    {
        var trials = new List<Trial>();
        foreach (string name in models)
        {
            Console.WriteLine($"  {name}");
            string folder = Path.Combine(run.RunDirectory, experiment, name.ToLowerInvariant());
            var model = Build(name, pixelByPixel);
            var trainer = run.CreateTrainer(options => options with { RunDirectory = folder, Epochs = epochs ?? options.Epochs });
            var history = trainer.Fit(model, data.Train, data.Test, run.CancellationToken);
            trials.Add(new Trial(name, model, history, folder, model.parameters().First().device));
            run.CancellationToken.ThrowIfCancellationRequested();
        }

        return trials;
    }

    /// <summary>The same images with their rows in one order drawn from a seed.</summary>
    public static ImageDatasets PermuteRows(ImageDatasets data, int seed)
    {
        int[] order = [.. Enumerable.Range(0, data.Height)];
        new Random(seed).Shuffle(order);
        using var index = tensor(order.Select(row => (long)row).ToArray());
        return new ImageDatasets(
            data.Train.Map(images => images.index_select(2, index)),
            data.Test.Map(images => images.index_select(2, index))
        );
    }

    /// <summary>The same images moved by some pixels, with black where nothing is left.</summary>
    public static ImageDataset Shift(ImageDataset images, int right, int down) =>
        images.Map(pixels =>
        {
            var moved = zeros_like(pixels);
            long height = pixels.size(2) - Math.Abs(down),
                width = pixels.size(3) - Math.Abs(right);
            var from = pixels.narrow(2, Math.Max(0, -down), height).narrow(3, Math.Max(0, -right), width);
            moved.narrow(2, Math.Max(0, down), height).narrow(3, Math.Max(0, right), width).copy_(from);
            return moved;
        });

    private nn.Module<Tensor, Tensor> Build(string name, bool pixelByPixel)
    {
        if (name == "LeNet")
        {
            return VisionModels.LeNet(LeNetOptions.For(all) with { Seed = run.Arguments.Seed });
        }

        var options = RecurrentOptions.For(all) with { HiddenSize = hidden, Seed = run.Arguments.Seed };
        return SequenceModels.Build(
            Enum.Parse<RecurrentCell>(name, ignoreCase: true),
            pixelByPixel ? options with { Sequence = ImageSequence.Pixels, InputSize = all.Channels } : options
        );
    }
}
