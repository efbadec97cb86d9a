using SkiaSharp;
using VisionSeqModels.Data;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Inference;

/// <summary>Files of small models, and of pictures, for those who answer with them.</summary>
internal static class AnswerFiles
{
    public static IReadOnlyList<string> Architectures { get; } = ["lenet", "mlp", "resnet", "gru"];

    /// <summary>Grey shapes of 28×28 pixels.</summary>
    public static ImageDatasets Images(int count = 24) =>
        SyntheticImages.Create(
            new SyntheticImagesOptions
            {
                TrainCount = 16,
                TestCount = count,
                Channels = 1,
                Size = 28,
            }
        );

    public static nn.Module<Tensor, Tensor> Model(string architecture, ModelOutput output = ModelOutput.Classes) =>
        architecture switch
        {
            "lenet" => PageModels.LeNet(new LeNetOptions { Output = output }),
            "mlp" => VisionModels.Mlp(
                new MlpOptions
                {
                    HiddenSizes = [30],
                    Dropout = 0.5,
                    Seed = 1,
                    Output = output,
                }
            ),
            "resnet" => VisionModels.ResNet(
                new ResNetOptions
                {
                    InputChannels = 1,
                    ImageHeight = 28,
                    ImageWidth = 28,
                    BlockCounts = [1, 1],
                    Widths = [4, 8],
                    Seed = 1,
                    Output = output,
                }
            ),
            _ => SequenceModels.Gru(
                new RecurrentOptions
                {
                    HiddenSize = 32,
                    Seed = 1,
                    Output = output,
                }
            ),
        };

    /// <summary>An image of a data set as a PNG file.</summary>
    public static byte[] Png(IImageSource data, long index)
    {
        using var bitmap = Bitmap(data, index);
        using var png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return png.ToArray();
    }

    public static SKBitmap Bitmap(IImageSource data, long index)
    {
        using var pixels = data.GetPixels(index).contiguous();
        byte[] bytes = pixels.data<byte>().ToArray();
        var bitmap = new SKBitmap(data.Width, data.Height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        int size = data.Width * data.Height;
        for (int i = 0; i < size; i++)
        {
            byte At(int channel) => bytes[(Math.Min(channel, data.Channels - 1) * size) + i];
            bitmap.SetPixel(i % data.Width, i / data.Width, new SKColor(At(0), At(1), At(2)));
        }

        return bitmap;
    }

    /// <summary>The outputs of each sample in a batch of its own.</summary>
    public static float[][] Predicted(nn.Module<Tensor, Tensor> model, IBatchSource data)
    {
        using var scope = NewDisposeScope();
        var trainer = new Trainer(new TrainerOptions { EvaluationBatchSize = 1, Device = "cpu" });
        var outputs = trainer.Predict(model, data);
        return [.. Enumerable.Range(0, (int)outputs.size(0)).Select(i => outputs[i].data<float>().ToArray())];
    }
}
