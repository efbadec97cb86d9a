using SkiaSharp;
using VisionSeqModels.Models;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Inference.Answers;

/// <summary>What an answer takes from .NET's heap: the result, and TorchSharp's handles of the model's tensors.</summary>
[Collection("Torch")]
public sealed class AnswerAllocationTests
{
    private const int Calls = 50;

    /// <summary>More than what a call of the model alone takes, which is TorchSharp's handles of its tensors.</summary>
    private const int Most = 4_000;

    [Fact]
    public void AnImage_TakesItsAnswer_AndTheModelsCall()
    {
        using var folder = new TempFolder();
        using var images = SyntheticImages.Create(new() { TrainCount = 10, TestCount = 10 });
        using var model = VisionModels.LeNet(LeNetOptions.For(images));
        ModelFile.Save(model, folder["model.safetensors"], images.Train);
        using var classifier = ImageClassifier.Load(folder["model.safetensors"]);
        using var bitmap = new SKBitmap(32, 32);
        using var encoded = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        byte[] file = encoded.ToArray();
        string path = folder["image.png"];
        File.WriteAllBytes(path, file);
        long bare = Bare(model, 1, 3, 32, 32);
        Assert.InRange(Bytes(() => classifier.Classify(bitmap)) - bare, 1, Most);
        Assert.InRange(Bytes(() => classifier.Classify(file.AsSpan())) - bare, 1, Most);
        Assert.InRange(Bytes(() => classifier.Classify(path)) - bare, 1, Most);
    }

    [Fact]
    public void ASequence_TakesItsAnswer_AndTheModelsCall()
    {
        using var folder = new TempFolder();
        using var model = SequenceModels.Build(
            RecurrentCell.Gru,
            new RecurrentOptions
            {
                InputSize = 28,
                HiddenSize = 32,
                ClassCount = 10,
            }
        );
        ModelFile.Save(model, folder["model.safetensors"]);
        using var classifier = SequenceClassifier.Load(folder["model.safetensors"]);
        float[,] sequence = new float[28, 28];
        Assert.InRange(Bytes(() => classifier.Classify(sequence)) - Bare(model, 1, 28, 28), 1, Most);
    }

    private static long Bare(nn.Module<Tensor, Tensor> model, params long[] shape)
    {
        using var input = zeros(shape);
        model.eval();
        return Bytes(() =>
        {
            using var scope = NewDisposeScope();
            using var noGradients = no_grad();
            model.call(input);
        });
    }

    private static long Bytes(Action call)
    {
        for (int i = 0; i < Calls; i++)
        {
            call(); // compiles, and makes what stays
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Calls; i++)
        {
            call();
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before) / Calls;
    }
}
