using System.Globalization;
using System.Text;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Inference;

/// <summary>What an image classifier answers.</summary>
[Collection("Torch")]
public sealed class ImageClassifierTests
{
    public static TheoryData<string> Architectures => [.. AnswerFiles.Architectures];

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Scores_AreTrainerPredicts_BitForBit(string architecture)
    {
        using var folder = new TempFolder();
        using var data = AnswerFiles.Images();
        using var model = AnswerFiles.Model(architecture);
        ModelFile.Save(model, folder["model.safetensors"], data.Test);
        float[][] expected = AnswerFiles.Predicted(model, data.Test);

        using var classifier = ImageClassifier.Load(folder["model.safetensors"]);
        for (int i = 0; i < data.Test.Count; i++)
        {
            var answer = classifier.Classify(AnswerFiles.Png(data.Test, i));
            Assert.Equal(expected[i], answer.Scores);
            Assert.Equal(1, answer.Labels.Sum(label => label.Probability), 1e-12);
            Assert.Equal(data.ClassNames[Array.IndexOf(expected[i], expected[i].Max())], answer.Top.Label);
        }
    }

    [Fact]
    public void PathStreamBytesAndBitmap_GiveOneAnswer_AndABatchTheSame()
    {
        using var folder = new TempFolder();
        using var data = AnswerFiles.Images(4);
        using var classifier = Load(folder, data);
        byte[][] files = [.. Enumerable.Range(0, 4).Select(i => AnswerFiles.Png(data.Test, i))];
        string[] paths = [.. files.Select((_, i) => folder[$"{i}.png"])];
        for (int i = 0; i < files.Length; i++)
        {
            File.WriteAllBytes(paths[i], files[i]);
            using var stream = new MemoryStream(files[i]);
            using var bitmap = AnswerFiles.Bitmap(data.Test, i);
            var expected = classifier.Classify(files[i]).Scores;
            Assert.Equal(expected, classifier.Classify(paths[i]).Scores);
            Assert.Equal(expected, classifier.Classify(stream).Scores);
            Assert.Equal(expected, classifier.Classify(bitmap).Scores);
        }

        foreach (var batch in new[] { classifier.ClassifyBatch(paths), classifier.ClassifyBatch(files) })
        {
            for (int i = 0; i < files.Length; i++)
            {
                var alone = classifier.Classify(files[i]).Scores;
                Assert.All(alone.Zip(batch[i].Scores), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
            }
        }

        Assert.Empty(classifier.ClassifyBatch(Array.Empty<string>()));
    }

    [Fact]
    public void Labels_HaveTheSigmoidOfTheirScore_AndReadTheSameInAnyCulture()
    {
        using var folder = new TempFolder();
        using var data = AnswerFiles.Images(1);
        using var model = AnswerFiles.Model("lenet", ModelOutput.Labels);
        ModelFile.Save(model, folder["model.safetensors"], data.Test);
        using var classifier = ImageClassifier.Load(folder["model.safetensors"]);

        var answer = classifier.Classify(AnswerFiles.Png(data.Test, 0));
        Assert.All(
            answer.Labels,
            label => Assert.Equal(1 / (1 + Math.Exp(-answer.Scores[label.Index])), label.Probability, 1e-12)
        );
        Assert.Equal(answer.Labels.OrderByDescending(label => label.Probability), answer.Labels);
        Assert.Equal(answer.Labels[0], answer.Top);
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
        try
        {
            string top = answer.Top.Probability.ToString("0.00", CultureInfo.InvariantCulture);
            Assert.StartsWith($"{answer.Top.Label} {top}, ", answer.ToString(), StringComparison.Ordinal);
            Assert.EndsWith(", …", answer.ToString(), StringComparison.Ordinal);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Regress_AnswersInTheUnitsOfTheTargets()
    {
        using var folder = new TempFolder();
        using var data = AnswerFiles.Images(3);
        using var model = AnswerFiles.Model("mlp", ModelOutput.Values);
        var targets = new FeatureNormalization { Mean = [100], StandardDeviation = [8] };
        ModelFile.Save(
            model,
            folder["model.safetensors"],
            ModelDescription.Of(model, data.Test) with
            {
                Targets = targets,
                ClassNames = null,
            }
        );
        float[][] expected = AnswerFiles.Predicted(model, data.Test);

        using var classifier = ImageClassifier.Load(folder["model.safetensors"]);
        for (int i = 0; i < 3; i++)
        {
            double[] values = classifier.Regress(AnswerFiles.Png(data.Test, i));
            Assert.Equal((expected[i][0] * 8.0) + 100, Assert.Single(values));
        }

        Assert.Throws<InvalidOperationException>(() => classifier.Classify(AnswerFiles.Png(data.Test, 0)));
    }

    [Fact]
    public void WhatIsNoPicture_IsRefusedByType_AndTheNextAnswerIsRight()
    {
        using var folder = new TempFolder();
        using var data = AnswerFiles.Images(1);
        using var classifier = Load(folder, data);
        byte[] png = AnswerFiles.Png(data.Test, 0);
        var expected = classifier.Classify(png).Scores;
        File.WriteAllText(folder["text.png"], "no picture");

        byte[][] garbage =
        [
            [],
            Encoding.UTF8.GetBytes("no picture"),
            png[..^40],
            [.. png[..20], .. new byte[200]],
        ];
        Assert.All(garbage, bytes => Assert.Throws<UnreadableImageException>(() => classifier.Classify(bytes)));
        var error = Assert.Throws<UnreadableImageException>(() => classifier.Classify(folder["text.png"]));
        Assert.Equal(folder["text.png"], error.Path);
        Assert.Throws<FileNotFoundException>(() => classifier.Classify(folder["none.png"]));
        Assert.Throws<UnreadableImageException>(() => classifier.ClassifyBatch([png, garbage[1]]));
        Assert.Throws<ArgumentNullException>(() => classifier.Classify((Stream)null!));
        Assert.Throws<InvalidOperationException>(() => classifier.Regress(png));
        Assert.Equal(expected, classifier.Classify(png).Scores);
    }

    [Fact]
    public void AModulesOwnBuilder_IsCalledWithTheDescription()
    {
        using var folder = new TempFolder();
        using var data = AnswerFiles.Images(1);
        using var model = nn.Sequential(("flat", nn.Flatten()), ("fc", nn.Linear(28 * 28, data.ClassNames.Count)));
        ModelFile.Save(model, folder["model.safetensors"], data.Test);

        using var classifier = ImageClassifier.Load(
            folder["model.safetensors"],
            description => nn.Sequential(("flat", nn.Flatten()), ("fc", nn.Linear(28 * 28, description.ClassNames!.Count)))
        );
        Assert.Equal(AnswerFiles.Predicted(model, data.Test)[0], classifier.Classify(AnswerFiles.Png(data.Test, 0)).Scores);
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void AFileThatNamesAnotherNumberOfClasses_IsRefusedOnLoad_ButNotOneOfValues(string architecture)
    {
        using var folder = new TempFolder();
        using var data = AnswerFiles.Images(1);
        using var model = AnswerFiles.Model(architecture);
        var description = ModelDescription.Of(model, data.Test) with { ClassNames = ["a", "b", "c"] };
        ModelFile.Save(model, folder["model.safetensors"], description);
        var error = Assert.Throws<InvalidDataException>(() => ImageClassifier.Load(folder["model.safetensors"]));
        Assert.Contains("names 3 classes, but its model has 10 outputs", error.Message, StringComparison.Ordinal);

        using var values = AnswerFiles.Model(architecture, ModelOutput.Values);
        description = ModelDescription.Of(values, data.Test); // of data with class names
        ModelFile.Save(values, folder["values.safetensors"], description);
        using var classifier = ImageClassifier.Load(folder["values.safetensors"]);
        Assert.Single(classifier.Regress(AnswerFiles.Png(data.Test, 0)));
        ModelFile.Save(
            values,
            folder["values.safetensors"],
            description with
            {
                Targets = new FeatureNormalization { Mean = [0, 0], StandardDeviation = [1, 1] },
            }
        );
        error = Assert.Throws<InvalidDataException>(() => ImageClassifier.Load(folder["values.safetensors"]));
        Assert.Contains("the units of 2 targets, but its model has 1 outputs", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AModuleOfOneselfWithAnotherNumberOfOutputsThanNames_IsRefusedAtItsAnswer()
    {
        using var folder = new TempFolder();
        using var data = AnswerFiles.Images(1);
        nn.Module<Tensor, Tensor> Build() => nn.Sequential(("flat", nn.Flatten()), ("fc", nn.Linear(28 * 28, 4)));
        using var model = Build();
        ModelFile.Save(model, folder["model.safetensors"], data.Test);
        using var classifier = ImageClassifier.Load(folder["model.safetensors"], _ => Build());
        Assert.Throws<InvalidDataException>(() => classifier.Classify(AnswerFiles.Png(data.Test, 0)));
    }

    private static ImageClassifier Load(TempFolder folder, ImageDatasets data)
    {
        using var model = AnswerFiles.Model("lenet");
        ModelFile.Save(model, folder["model.safetensors"], data.Test);
        return ImageClassifier.Load(folder["model.safetensors"]);
    }
}
