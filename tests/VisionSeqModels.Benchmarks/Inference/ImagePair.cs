using Microsoft.ML.OnnxRuntime;
using SkiaSharp;

namespace VisionSeqModels.Benchmarks.Inference;

/// <summary>A LeNet on 3×32×32 images. One input is a bitmap of that size; both sides prepare it by the same code.</summary>
internal sealed class ImagePair : AnswerPair
{
    private readonly ImageDatasets _data = SyntheticImages.Create(new() { TrainCount = 100, TestCount = Evaluated });
    private readonly VisionSeqModels.Models.LeNet _model;
    private readonly ImageClassifier _classifier;
    private readonly InferenceSession _session;
    private readonly SKBitmap _bitmap = new(32, 32, SKColorType.Rgba8888, SKAlphaType.Opaque);
    private readonly byte[][] _files;
    private readonly byte[] _pixels;
    private readonly ImagePreparation _preparation;
    private readonly Trainer _trainer = new(new TrainerOptions { Device = "cpu" });

    public ImagePair(int threads)
        : base(threads)
    {
        _model = VisionModels.LeNet(LeNetOptions.For(_data) with { Seed = 1 });
        string weights = Path.Combine(Folder, "model.safetensors");
        ModelFile.Save(_model, weights, _data.Train);
        string onnx = Path.Combine(Folder, "model.onnx");
        _model.SaveOnnx(onnx, _data);
        _classifier = ImageClassifier.Load(weights);
        _session = new InferenceSession(onnx, Options);
        _preparation = _classifier.Preparation;
        _bitmap.Erase(new SKColor(30, 120, 200));
        using var encoded = _bitmap.Encode(SKEncodedImageFormat.Png, 100);
        byte[] file = encoded.ToArray();
        _files = [.. Enumerable.Repeat(file, BatchSize)];
        _pixels = [.. _data.Test.Pixels.bytes];
    }

    public override Action One => () => _classifier.Classify(_bitmap);

    public override Action OneByOnnx => () => Run(VisionSeqModels.Data.ImageDecoder.Prepare(_bitmap, _preparation), 1);

    public override Action Batch => () => _classifier.ClassifyBatch(_files);

    public override Action BatchByOnnx =>
        () =>
        {
            byte[] all = new byte[BatchSize * 3 * 32 * 32];
            for (int i = 0; i < BatchSize; i++)
            {
                VisionSeqModels.Data.ImageDecoder.Decode(_files[i], _preparation).CopyTo(all, i * 3 * 32 * 32);
            }

            Run(all, BatchSize);
        };

    public override Action Evaluate => () => _trainer.Evaluate(_model, _data.Test);

    public override Action EvaluateByOnnx =>
        () =>
        {
            for (int begin = 0; begin < Evaluated; begin += BatchSize)
            {
                int size = Math.Min(BatchSize, Evaluated - begin);
                Run(_pixels.AsSpan(begin * 3 * 32 * 32, size * 3 * 32 * 32).ToArray(), size);
            }
        };

    private void Run(byte[] pixels, int count) => Run(_session, pixels, [count, 3, 32, 32]);

    public override void Dispose()
    {
        _session.Dispose();
        _classifier.Dispose();
        _bitmap.Dispose();
        _model.Dispose();
        _data.Dispose();
        base.Dispose();
    }
}
