using BenchmarkDotNet.Attributes;
using VisionSeqModels.Kernels;
using static TorchSharp.torch;

namespace VisionSeqModels.Benchmarks.Micro;

/// <summary>The two poolings of a LeNet on a batch of 64 images of 32×32: values and gradients.</summary>
public class PoolingBenchmarks
{
    private readonly MaxPool2x2 _own = new();
    private Tensor _images = zeros(1);

    /// <summary>Channels and side of the images pooled.</summary>
    [Params("6x28", "16x10")]
    public string Shape { get; set; } = "6x28";

    /// <summary>libtorch's threads.</summary>
    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        set_num_threads(Threads);
        long[] sizes = [.. Shape.Split('x').Select(long.Parse)];
        _images = randn([64, sizes[0], sizes[1], sizes[1]], requires_grad: true);
    }

    [Benchmark(Baseline = true)]
    public void Libtorch() => ForwardAndBackward(images => nn.functional.max_pool2d(images, 2));

    [Benchmark]
    public void Own() => ForwardAndBackward(_own.call);

    private void ForwardAndBackward(Func<Tensor, Tensor> pool)
    {
        using var scope = NewDisposeScope();
        var output = pool(_images);
        autograd.grad([output], [_images], [ones_like(output)]);
    }
}
