using BenchmarkDotNet.Attributes;
using VisionSeqModels.Kernels;
using VisionSeqModels.Models;
using static TorchSharp.torch;

namespace VisionSeqModels.Benchmarks.Micro;

/// <summary>Both convolutions of a LeNet with ReLU and pooling over 64 images of 3×32×32: values and gradients of the
/// weights.</summary>
public class ConvolutionBenchmarks
{
    private readonly Tensor _images = randn(64, 3, 32, 32);
    private readonly nn.Module<Tensor, Tensor>[] _modules =
    [
        nn.Conv2d(3, 6, 5),
        nn.ReLU(),
        new MaxPool2x2(),
        nn.Conv2d(6, 16, 5),
        nn.ReLU(),
        new MaxPool2x2(),
    ];
    private FastConvolutions? _own;

    /// <summary>libtorch's threads.</summary>
    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        set_num_threads(Threads);
        _own = KernelSelection.Convolutions(new LeNetOptions(), _modules);
    }

    [Benchmark(Baseline = true)]
    public void Libtorch() => ForwardAndBackward(() => _modules.Aggregate(_images, (values, module) => module.call(values)));

    [Benchmark]
    public void Own() => ForwardAndBackward(() => _own!.Run(_images));

    private void ForwardAndBackward(Func<Tensor> run)
    {
        using var scope = NewDisposeScope();
        run().sum().backward();
        Array.ForEach(_modules, module => module.zero_grad());
    }
}
