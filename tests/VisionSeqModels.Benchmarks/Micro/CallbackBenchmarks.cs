using BenchmarkDotNet.Attributes;
using VisionSeqModels.Training;
using static TorchSharp.torch;

namespace VisionSeqModels.Benchmarks.Micro;

/// <summary>A whole fit of a tiny model, 20 epochs of 100 steps: the results are of a step, beginning and end of the fit
/// included.</summary>
public class CallbackBenchmarks
{
    private const int Epochs = 20;
    private const int Steps = 100;
    private readonly ImageDataset _data = new(
        "noise",
        randint(0, 256, [4 * Steps, 1, 4, 4], dtype: ScalarType.Byte),
        zeros(4 * Steps, dtype: ScalarType.Int64),
        ["a", "b"]
    );

    [Benchmark(Baseline = true, OperationsPerInvoke = Epochs * Steps)]
    public void NoCallback() => Fit();

    [Benchmark(OperationsPerInvoke = Epochs * Steps)]
    public void TenThatListenToSteps() => Fit([.. Enumerable.Range(0, 10).Select(_ => new Listener())]);

    [Benchmark(OperationsPerInvoke = Epochs * Steps)]
    public void Progress() => Fit(new ProgressReporter(TextWriter.Null));

    [Benchmark(OperationsPerInvoke = Epochs * Steps)]
    public void RunFolder()
    {
        string folder = Directory.CreateTempSubdirectory("visionseq-micro-").FullName;
        Fit(folder);
        Directory.Delete(folder, recursive: true);
    }

    private void Fit(params Callback[] callbacks) => Fit(null, callbacks);

    private void Fit(string? folder, params Callback[] callbacks)
    {
        using var model = nn.Sequential(("flat", nn.Flatten()), ("fc", nn.Linear(16, 2)));
        var trainer = new Trainer(
            new TrainerOptions
            {
                Epochs = Epochs,
                BatchSize = 4,
                Seed = 1,
                Device = "cpu",
                RunDirectory = folder,
            }
        );
        foreach (var callback in callbacks)
        {
            trainer.Callbacks.Add(callback);
        }

        trainer.Fit(model, _data);
    }

    private sealed class Listener : Callback
    {
        private long _steps;

        public override void OnStepEnd(StepEndEvent e) => _steps++;
    }
}
