using System.Diagnostics;
using TorchSharp;
using VisionSeqModels.Data;
using static TorchSharp.torch;

namespace VisionSeqModels.Benchmarks.Compare;

/// <summary>Makes the loops that <c>Trainer.Fit</c> is compared with: Adam, batches of 64.</summary>
internal static class Contenders
{
    private const double LearningRate = 1e-3;

    /// <summary>The batches of an epoch, made beforehand; they belong to the current dispose scope.</summary>
    public static (Tensor Inputs, Tensor Targets)[] Batches(ImageDataset images, Device? device = null)
    {
        var request = new BatchRequest
        {
            BatchSize = Workload.BatchSize,
            Shuffle = true,
            Seed = 1,
            Device = device ?? CPU,
        };
        return [.. images.Read(request).Select(batch => (batch.Inputs, batch.Targets))];
    }

    /// <summary>A model's loop by hand, over batches made beforehand.</summary>
    public static LoopContender ByHand(string name, nn.Module<Tensor, Tensor> model, (Tensor Inputs, Tensor Targets)[] batches)
    {
        var optimizer = optim.Adam(model.parameters(), LearningRate);
        var crossEntropy = nn.CrossEntropyLoss();
        int step = 0;
        model.train();
        return new LoopContender(
            name,
            () =>
            {
                using var scope = NewDisposeScope();
                var (inputs, targets) = batches[step++ % batches.Length];
                optimizer.zero_grad();
                var loss = crossEntropy.call(model.call(inputs), targets);
                loss.backward();
                optimizer.step();
            },
            optimizer,
            model
        );
    }

    /// <summary>The loop of TorchSharp's own examples, with its data set and loader classes.</summary>
    public static LoopContender ByExample(string name, nn.Module<Tensor, Tensor> model, utils.data.Dataset samples)
    {
        var optimizer = optim.Adam(model.parameters(), LearningRate);
        var crossEntropy = nn.CrossEntropyLoss();
        var loader = utils.data.DataLoader(samples, Workload.BatchSize, shuffle: true); // not disposed: nor are its samples
        var batches = loader.GetEnumerator();
        long correct = 0;
        model.train();
        return new LoopContender(
            name,
            () =>
            {
                using var scope = NewDisposeScope();
                if (!batches.MoveNext())
                {
                    batches.Dispose();
                    batches = loader.GetEnumerator();
                    batches.MoveNext();
                }

                var batch = batches.Current;
                optimizer.zero_grad();
                var prediction = model.call(batch["data"]);
                var loss = crossEntropy.call(prediction, batch["label"]);
                loss.backward();
                optimizer.step();
                correct += prediction.argmax(1).eq(batch["label"]).sum().ToInt64();
            },
            optimizer,
            model
        );
    }

    /// <summary>Eager PyTorch in a process of its own; null where it is not there.</summary>
    /// <param name="model">The model's name.</param>
    /// <param name="raw">What <see cref="PyTorch.Write"/> wrote.</param>
    /// <param name="device">Where it trains.</param>
    public static ProcessContender? Eager(string model, string raw, string device)
    {
        string[] arguments =
        [
            .. new[] { "--model", model, "--raw", raw, "--device", device },
            .. new[] { "--threads", PyTorch.Text(get_num_threads()) },
        ];
        return PyTorch.Version is null
            ? null
            : new ProcessContender("PyTorch", PyTorch.StartInfo("blocks.py", arguments), ProcessContender.ShortPause);
    }

    /// <summary>A loop by hand of this program in a process of its own.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="environment">Variables of its environment.</param>
    /// <param name="arguments">Arguments of <see cref="BlockRun"/>.</param>
    public static ProcessContender Child(
        string name,
        IReadOnlyDictionary<string, string> environment,
        params IEnumerable<string> arguments
    )
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, [BlockRun.Name, .. arguments]);
        foreach (var (variable, value) in environment)
        {
            start.Environment[variable] = value;
        }

        return new ProcessContender(name, start, ProcessContender.LongPause);
    }
}
