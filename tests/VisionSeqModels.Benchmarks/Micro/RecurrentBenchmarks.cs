using BenchmarkDotNet.Attributes;
using VisionSeqModels.Kernels;
using VisionSeqModels.Models;
using static TorchSharp.torch;

namespace VisionSeqModels.Benchmarks.Micro;

/// <summary>A recurrent layer of 128 units over 64 digits row by row: last state and gradients of the weights.</summary>
public class RecurrentBenchmarks
{
    private readonly Tensor _sequence = randn(64, 28, 28);
    private nn.Module _module = nn.Identity();
    private FastRecurrentLayer? _own;

    /// <summary>The kind of layer.</summary>
    [ParamsAllValues]
    public RecurrentCell Cell { get; set; }

    /// <summary>libtorch's threads.</summary>
    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        set_num_threads(Threads);
        var options = new RecurrentOptions();
        _module = RecurrentLayers.Create(Cell, options);
        _own = KernelSelection.RecurrentLayer(_module, Cell, options);
    }

    [Benchmark(Baseline = true)]
    public void Libtorch() => ForwardAndBackward(() => RecurrentLayers.Run(_module, _sequence).Outputs.select(1, -1));

    [Benchmark]
    public void Own() => ForwardAndBackward(() => _own!.Run(_sequence, lastOnly: true));

    private void ForwardAndBackward(Func<Tensor> run)
    {
        using var scope = NewDisposeScope();
        run().sum().backward();
        _module.zero_grad();
    }
}
