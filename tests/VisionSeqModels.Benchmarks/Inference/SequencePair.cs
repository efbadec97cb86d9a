using Microsoft.ML.OnnxRuntime;
using VisionSeqModels.Data;
using VisionSeqModels.Models;
using static TorchSharp.torch;

namespace VisionSeqModels.Benchmarks.Inference;

/// <summary>A GRU of 128 units on sequences of 28 steps with 28 features.</summary>
internal sealed class SequencePair : AnswerPair
{
    private const int Steps = 28;
    private readonly RecurrentClassifier _model;
    private readonly SequenceClassifier _classifier;
    private readonly InferenceSession _session;
    private readonly float[,] _sequence = new float[Steps, Steps];
    private readonly float[][,] _sequences;
    private readonly float[] _one;
    private readonly float[] _batch;
    private readonly IBatchSource _evaluated;
    private readonly Trainer _trainer = new(new TrainerOptions { Device = "cpu" });

    public SequencePair(int threads)
        : base(threads)
    {
        var random = new Random(1);
        for (int i = 0; i < Steps * Steps; i++)
        {
            _sequence[i / Steps, i % Steps] = (float)random.NextDouble();
        }

        _one = [.. _sequence.Cast<float>()];
        _sequences = [.. Enumerable.Repeat(_sequence, BatchSize)];
        _batch = [.. Enumerable.Repeat(_one, BatchSize).SelectMany(one => one)];
        _model = SequenceModels.Gru(
            new RecurrentOptions
            {
                InputSize = Steps,
                HiddenSize = 128,
                ClassCount = 10,
                Seed = 1,
            }
        );
        string weights = Path.Combine(Folder, "model.safetensors");
        ModelFile.Save(_model, weights);
        string onnx = Path.Combine(Folder, "model.onnx");
        _model.SaveOnnx(onnx);
        _classifier = SequenceClassifier.Load(weights);
        _session = new InferenceSession(onnx, Options);
        var batches = new List<Batch>();
        for (int begin = 0; begin < Evaluated; begin += BatchSize)
        {
            int size = Math.Min(BatchSize, Evaluated - begin);
            batches.Add(new Batch(rand(size, Steps, Steps), zeros(size, dtype: ScalarType.Int64)));
        }

        _evaluated = BatchSource.From("sequences", batches, Evaluated);
    }

    public override Action One => () => _classifier.Classify(_sequence);

    public override Action OneByOnnx => () => Run(_one, 1);

    public override Action Batch => () => _classifier.ClassifyBatch(_sequences);

    public override Action BatchByOnnx => () => Run(_batch, BatchSize);

    public override Action Evaluate => () => _trainer.Evaluate(_model, _evaluated);

    public override Action EvaluateByOnnx =>
        () =>
        {
            for (int begin = 0; begin < Evaluated; begin += BatchSize)
            {
                int size = Math.Min(BatchSize, Evaluated - begin);
                Run(_batch.AsSpan(0, size * _one.Length).ToArray(), size);
            }
        };

    private void Run(float[] numbers, int count) => Run(_session, numbers, [count, Steps, Steps]);

    public override void Dispose()
    {
        _session.Dispose();
        _classifier.Dispose();
        _model.Dispose();
        base.Dispose();
    }
}
