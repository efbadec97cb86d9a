using BenchmarkDotNet.Attributes;
using VisionSeqModels.Visualization;
using static TorchSharp.torch;

namespace VisionSeqModels.Benchmarks.Micro;

/// <summary>What an epoch's end writes for a LeNet: weights (flushed to disk), learning curves of ten epochs, filters.</summary>
public class FileBenchmarks
{
    private readonly string _folder = Directory.CreateTempSubdirectory("visionseq-micro-").FullName;
    private readonly nn.Module<Tensor, Tensor> _model = VisionModels.LeNet(new LeNetOptions { Seed = 1 });
    private TrainingHistory _history = null!;

    private string Weights => Path.Combine(_folder, "weights.safetensors");

    [GlobalSetup]
    public void Prepare()
    {
        using var data = SyntheticImages.Create(new SyntheticImagesOptions { TrainCount = 64, TestCount = 64 });
        _history = new Trainer(
            new TrainerOptions
            {
                Epochs = 10,
                Seed = 1,
                Device = "cpu",
            }
        ).Fit(_model, data.Train, data.Test);
        _model.SaveWeights(Weights);
    }

    [GlobalCleanup]
    public void Clean()
    {
        _model.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Benchmark]
    public void SaveWeights() => _model.SaveWeights(Weights);

    [Benchmark]
    public object LoadWeights() => _model.LoadWeights(Weights);

    [Benchmark]
    public object LearningCurves() => Charts.LearningCurves(_history);

    [Benchmark]
    public object Filters() => FilterGrid.Draw(_model, "conv1");
}
