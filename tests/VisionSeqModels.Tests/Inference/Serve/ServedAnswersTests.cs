using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using SkiaSharp;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Inference;

/// <summary>The way from a folder of photos to a service: the library, ONNX Runtime and HTTP give one answer.</summary>
[Collection("Torch")]
public sealed class ServedAnswersTests
{
    private const int Clients = 8;

    private static readonly ImagePreparation Preparation = new() { Height = 32, Width = 32 };

    /// <summary>The long form has 500 photos: VISIONSEQ_LONG=1.</summary>
    private static readonly int PhotoCount = Environment.GetEnvironmentVariable("VISIONSEQ_LONG") == "1" ? 500 : 48;

    [Theory]
    [InlineData("lenet")]
    [InlineData("resnet")]
    public async Task OfAModelTrainedOnPhotos_LibraryRuntimeAndService_GiveOneAnswer(string architecture)
    {
        using var folder = new TempFolder();
        string[] photos = Paint(folder);
        using var data = ImageFolder.Load(
            folder["photos"],
            new ImageFolderOptions { Preparation = Preparation, CacheDirectory = folder["cache"] }
        );
        using var model = Train(architecture, data.Train);
        ModelFile.Save(model, folder["model.safetensors"], data.Train);
        model.SaveOnnx(folder["model.onnx"], data.Train, new OnnxOptions { Output = OnnxOutput.Probabilities });

        using var classifier = ImageClassifier.Load(folder["model.safetensors"]);
        using var session = new InferenceSession(folder["model.onnx"]);
        using var served = ServedModel.Start(folder["model.onnx"]);
        using var turns = new SemaphoreSlim(Clients);
        var answers = await Task.WhenAll(
            photos.Select(async photo =>
            {
                await turns.WaitAsync();
                try
                {
                    return await served.Classify(await File.ReadAllBytesAsync(photo));
                }
                finally
                {
                    turns.Release();
                }
            })
        );

        Assert.Equal(PhotoCount, photos.Length);
        Assert.Equal(Preparation, classifier.Preparation);
        var tops = new HashSet<string>();
        for (int i = 0; i < photos.Length; i++)
        {
            var library = classifier.Classify(photos[i]);
            float[] runtime = Run(session, classifier.Preparation, photos[i]);
            tops.Add(library.Top.Label);
            Assert.All(
                library.Labels,
                label =>
                {
                    Assert.Equal(label.Probability, runtime[label.Index], 1e-5);
                    Assert.Equal(label.Probability, answers[i][label.Label], 1e-5);
                }
            );
        }

        Assert.True(tops.Count > 1, "the model always gives the same answer");
    }

    /// <summary>JPEG and PNG files of several sizes, in a folder for each class.</summary>
    private static string[] Paint(TempFolder folder)
    {
        using var shapes = SyntheticImages.Create(
            new SyntheticImagesOptions
            {
                TrainCount = PhotoCount,
                TestCount = 1,
                Size = 48,
            }
        );
        return [.. Enumerable.Range(0, PhotoCount).Select(i => Paint(folder, shapes, i))];
    }

    private static string Paint(TempFolder folder, ImageDatasets shapes, int number)
    {
        string place = folder[$"photos/{shapes.ClassNames[shapes.Train.GetLabel(number)]}"];
        Directory.CreateDirectory(place);
        using var bitmap = AnswerFiles.Bitmap(shapes.Train, number);
        using var sized = bitmap.Resize(
            new SKSizeI(40 + (number % 37), 40 + (number % 23)),
            new SKSamplingOptions(SKFilterMode.Linear)
        );
        bool isPng = number % 2 == 0;
        using var file = sized.Encode(isPng ? SKEncodedImageFormat.Png : SKEncodedImageFormat.Jpeg, 90);
        string path = Path.Combine(place, string.Create(CultureInfo.InvariantCulture, $"{number:d4}.{(isPng ? "png" : "jpg")}"));
        File.WriteAllBytes(path, file.ToArray());
        return path;
    }

    private static nn.Module<Tensor, Tensor> Train(string architecture, ImageDataset data)
    {
        nn.Module<Tensor, Tensor> model =
            architecture == "lenet"
                ? VisionModels.LeNet(new LeNetOptions { ClassCount = data.ClassNames.Count, Seed = 1 })
                : VisionModels.ResNet(
                    new ResNetOptions
                    {
                        ClassCount = data.ClassNames.Count,
                        BlockCounts = [1, 1, 1],
                        Seed = 1,
                    }
                );
        var trainer = new Trainer(
            new TrainerOptions
            {
                Epochs = 15,
                BatchSize = 16,
                Seed = 1,
                Device = "cpu",
                Optimizer = new AdamOptions { LearningRate = 3e-3 },
            }
        );
        trainer.Fit(model, data);
        return model;
    }

    private static float[] Run(InferenceSession session, ImagePreparation preparation, string photo)
    {
        byte[] image = preparation.Decode(File.ReadAllBytes(photo));
        using var input = OrtValue.CreateTensorValueFromMemory(
            image,
            [1, preparation.Channels, preparation.Height, preparation.Width]
        );
        using var options = new RunOptions();
        using var outputs = session.Run(options, ["input"], [input], ["probabilities"]);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }
}
