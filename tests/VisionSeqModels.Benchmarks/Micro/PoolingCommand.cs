using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using VisionSeqModels.Kernels;
using VisionSeqModels.Visualization;
using static TorchSharp.torch;

namespace VisionSeqModels.Benchmarks.Micro;

/// <summary>What <see cref="MaxPool2x2"/> saves where it runs: on a LeNet's modules one after another. Both poolings take
/// turns in one process.</summary>
internal static class PoolingCommand
{
    public static Command Create()
    {
        var data = new Option<string>("--data-dir") { Description = "The folder with MNIST", Required = true };
        var rounds = new Option<int>("--rounds") { DefaultValueFactory = _ => 11 };
        var command = new Command("pooling", "The own pooling against libtorch's, in whole operations") { data, rounds };
        command.SetAction(line => Run(line.GetValue(data)!, line.GetValue(rounds)));
        return command;
    }

    private static void Run(string folder, int rounds)
    {
        using var data = Mnist.Load(folder);
        var inputs = randn(64, 1, 28, 28);
        var labels = randint(10, 64);
        (string Name, int Repeats, Action<nn.Module<Tensor, Tensor>> Do)[] operations =
        [
            ("LeNet forward and backward by modules, 64 images", 20, model => Step(model, inputs, labels)),
            ("LeNet forward by modules, 256 images", 10, model => Forward(model, inputs)),
            ("ActivationStatistics.Measure, 10,000 images", 1, model => ActivationStatistics.Measure(model, data.Test)),
            ("Attribution.Saliency, 64 images", 10, model => Attribution.Saliency(model, inputs)),
            ("Attribution.IntegratedGradients, 8 images", 1, model => Attribution.IntegratedGradients(model, inputs[..8])),
        ];
        foreach (var activation in new[] { ActivationFunction.ReLU, ActivationFunction.Tanh })
        {
            using var own = Model(() => new MaxPool2x2(), activation);
            using var libtorch = Model(() => nn.MaxPool2d(2), activation);
            foreach (int threads in new[] { 1, 2 })
            {
                set_num_threads(threads);
                foreach (var (name, repeats, action) in operations.Take(activation == ActivationFunction.ReLU ? 5 : 1))
                {
                    Compare(
                        $"{activation}, {threads} threads, {name}",
                        repeats,
                        rounds,
                        () => action(own),
                        () => action(libtorch)
                    );
                }
            }
        }
    }

    private static void Compare(string name, int repeats, int rounds, Action own, Action libtorch)
    {
        var times = new List<(double Own, double Libtorch)>();
        for (int round = -2; round < rounds; round++)
        {
            var pair = (Timed(own, repeats), Timed(libtorch, repeats));
            if (round >= 0)
            {
                times.Add(pair);
            }
        }

        double ownMedian = Median(times.Select(time => time.Own)),
            libtorchMedian = Median(times.Select(time => time.Libtorch));
        double[] ratios = [.. times.Select(time => time.Own / time.Libtorch).Order()];
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"| {name} | {ownMedian:f2} | {libtorchMedian:f2} | {ownMedian / libtorchMedian:f2} | "
                    + $"{Median(ratios):f2} ({ratios[rounds / 4]:f2} to {ratios[rounds * 3 / 4]:f2}) |"
            )
        );
    }

    private static double Timed(Action action, int repeats)
    {
        long begin = Stopwatch.GetTimestamp();
        for (int i = 0; i < repeats; i++)
        {
            using var scope = NewDisposeScope();
            action();
        }

        return Stopwatch.GetElapsedTime(begin).TotalMilliseconds / repeats;
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(values.Count() / 2);

    private static void Step(nn.Module<Tensor, Tensor> model, Tensor inputs, Tensor labels)
    {
        nn.functional.cross_entropy(model.call(inputs), labels).backward();
        model.zero_grad();
    }

    private static void Forward(nn.Module<Tensor, Tensor> model, Tensor inputs)
    {
        using var inference = inference_mode();
        model.call(cat([inputs, inputs, inputs, inputs]));
    }

    private static nn.Module<Tensor, Tensor> Model(Func<nn.Module<Tensor, Tensor>> pool, ActivationFunction function)
    {
        nn.Module<Tensor, Tensor> Activation() => function == ActivationFunction.ReLU ? nn.ReLU() : nn.Tanh();
        return nn.Sequential(
            ("conv1", nn.Conv2d(1, 6, 5)),
            ("activation1", Activation()),
            ("pool1", pool()),
            ("conv2", nn.Conv2d(6, 16, 5)),
            ("activation2", Activation()),
            ("pool2", pool()),
            ("flatten", nn.Flatten()),
            ("fc1", nn.Linear(256, 120)),
            ("activation3", Activation()),
            ("fc2", nn.Linear(120, 84)),
            ("activation4", Activation()),
            ("fc3", nn.Linear(84, 10))
        );
    }
}
