using System.Runtime.InteropServices;
using System.Security.Cryptography;
using VisionSeqModels.Benchmarks.Compare;
using VisionSeqModels.Kernels;
using VisionSeqModels.Models;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Kernels;

/// <summary>The own kernels' values and gradients with 1 to 16 threads, as a program prints them.</summary>
internal static class OpenMPValues
{
    public const int MostThreads = 16;

    /// <summary>A line with the library's entry, then one for each number of threads: the number, a hash of the values, one of
    /// the gradients, and how far these are from those of one thread.</summary>
    /// <param name="entry">The functions to call; null for what is chosen by itself.</param>
    public static IEnumerable<string> Run(string? entry)
    {
        if (entry is not null)
        {
            OpenMP.Instead = new OpenMPTeams(NativeLibrary.GetMainProgramHandle(), Enum.Parse<OpenMPEntry>(entry));
        }

        yield return $"{OpenMP.Teams.Entry} {string.Join(',', OpenMPFiles.Loaded())}";
        using var scope = NewDisposeScope();
        var parts = Parts();
        Tensor? gradientsOfOne = null;
        for (int threads = 1; threads <= MostThreads; threads++)
        {
            set_num_threads(threads);
            var values = new List<Tensor>();
            var gradients = new List<Tensor>();
            foreach (var (run, weights) in parts)
            {
                var output = run();
                Array.ForEach(weights, weight => weight.grad = null);
                autograd.backward([output], [ones_like(output)]);
                values.Add(output.detach().flatten());
                gradients.AddRange(weights.Select(weight => weight.grad!.flatten()));
            }

            var all = cat(gradients);
            gradientsOfOne ??= all;
            double distance = ((all - gradientsOfOne).norm() / gradientsOfOne.norm()).item<float>();
            yield return FormattableString.Invariant($"{threads} {Hash(cat(values))} {Hash(all)} {distance:e1}");
        }
    }

    /// <summary>The convolutions and the recurrent layers, each with its weights.</summary>
    private static (Func<Tensor> Run, Tensor[] Weights)[] Parts()
    {
        random.manual_seed(1);
        var images = randn(150, 3, 32, 32);
        var sequence = randn(70, 9, 28);
        nn.Module<Tensor, Tensor>[] stages =
        [
            nn.Conv2d(3, 6, 5),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(6, 16, 5),
            nn.ReLU(),
            nn.MaxPool2d(2),
        ];
        var convolutions = KernelSelection.ConvolutionsAnywhere(new LeNetOptions(), stages)!;
        return
        [
            (() => convolutions.Run(images), [.. stages.SelectMany(stage => stage.parameters())]),
            .. Enum.GetValues<RecurrentCell>().Select(cell => Layer(cell, sequence)),
        ];
    }

    private static (Func<Tensor> Run, Tensor[] Weights) Layer(RecurrentCell cell, Tensor sequence)
    {
        var options = new RecurrentOptions { HiddenSize = 48 };
        var module = RecurrentLayers.Create(cell, options);
        var layer = KernelSelection.RecurrentLayerAnywhere(module, cell, options)!;
        return (() => layer.Run(sequence, lastOnly: false), [.. module.parameters()]);
    }

    private static string Hash(Tensor tensor) => Convert.ToHexStringLower(SHA256.HashData(tensor.contiguous().bytes))[..16];
}
