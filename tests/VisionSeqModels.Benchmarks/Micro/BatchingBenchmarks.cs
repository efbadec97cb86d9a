using BenchmarkDotNet.Attributes;
using VisionSeqModels.Data;
using static TorchSharp.torch;

namespace VisionSeqModels.Benchmarks.Micro;

/// <summary>A shuffled epoch of 6,400 images in batches of 64; the results are of one batch.</summary>
public class BatchingBenchmarks
{
    private const int Batches = 100;
    private readonly string _folder = Directory.CreateTempSubdirectory("visionseq-micro-").FullName;
    private ImageDataset _inMemory = null!;
    private MemoryMappedImageDataset _mapped = null!;
    private Tensor _scale = null!;
    private Tensor _offset = null!;

    /// <summary>Channels and side.</summary>
    [Params("3x32", "1x28")]
    public string Shape { get; set; } = "3x32";

    [GlobalSetup]
    public void Prepare()
    {
        set_num_threads(1);
        int[] sizes = [.. Shape.Split('x').Select(int.Parse)];
        using var scope = NewDisposeScope();
        _inMemory = new ImageDataset(
            "noise",
            randint(0, 256, [64 * Batches, sizes[0], sizes[1], sizes[1]], dtype: ScalarType.Byte),
            zeros(64 * Batches, dtype: ScalarType.Int64),
            ["a"]
        );
        MemoryMappedImageDataset.Write(_inMemory, Path.Combine(_folder, "images"), Path.Combine(_folder, "labels"));
        _mapped = MemoryMappedImageDataset.Open("noise", Path.Combine(_folder, "images"), Path.Combine(_folder, "labels"), ["a"]);
        (_scale, _offset) = _inMemory.Normalization.Tensors(CPU);
    }

    [GlobalCleanup]
    public void Clean()
    {
        _inMemory.Dispose();
        _mapped.Dispose();
        _scale.Dispose();
        _offset.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Batches)]
    public void InMemory() => Read(_inMemory);

    [Benchmark(OperationsPerInvoke = Batches)]
    public void Mapped() => Read(_mapped);

    /// <summary>What a batch costs in libtorch's operations alone.</summary>
    [Benchmark(OperationsPerInvoke = Batches)]
    public void ByLibtorch()
    {
        using var order = randperm(64 * Batches, dtype: ScalarType.Int64);
        for (int i = 0; i < Batches; i++)
        {
            using var scope = NewDisposeScope();
            var index = order.narrow(0, 64 * i, 64);
            _inMemory.Pixels.index_select(0, index).to_type(ScalarType.Float32).mul_(_scale).add_(_offset);
            _inMemory.Labels.index_select(0, index);
        }
    }

    private static void Read(IBatchSource data)
    {
        using var batches = data.Read(new BatchRequest { BatchSize = 64, Shuffle = true }).GetEnumerator();
        for (int i = 0; i < Batches; i++)
        {
            using var scope = NewDisposeScope();
            batches.MoveNext();
        }
    }
}
