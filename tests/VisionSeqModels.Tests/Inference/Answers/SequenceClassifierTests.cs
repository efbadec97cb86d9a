using VisionSeqModels.Data;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Inference;

/// <summary>What a sequence classifier answers.</summary>
[Collection("Torch")]
public sealed class SequenceClassifierTests
{
    private static readonly RecurrentOptions Small = new()
    {
        InputSize = 2,
        HiddenSize = 16,
        ClassCount = 3,
        Seed = 1,
    };

    private static readonly FeatureNormalization Features = new() { Mean = [5, -1], StandardDeviation = [2, 0.25] };

    public static float[,] Wave(int time, int features, double phase)
    {
        float[,] wave = new float[time, features];
        for (int step = 0; step < time; step++)
        {
            for (int feature = 0; feature < features; feature++)
            {
                wave[step, feature] = (float)Math.Sin((0.3 * step) + phase + feature);
            }
        }

        return wave;
    }

    [Fact]
    public void Scores_AreTrainerPredicts_BitForBit_AfterTheFilesNormalisation()
    {
        using var folder = new TempFolder();
        using var model = SequenceModels.Gru(Small);
        using var classifier = Saved(folder, model);
        foreach (int time in new[] { 1, 7, 30 })
        {
            float[,] wave = Wave(time, 2, time);
            float[] normal = new float[wave.Length];
            for (int i = 0; i < wave.Length; i++)
            {
                normal[i] = (float)((wave[i / 2, i % 2] - Features.Mean[i % 2]) / Features.StandardDeviation[i % 2]);
            }

            var batch = new Batch(tensor(normal).reshape(1, time, 2), tensor(new long[] { 0 }));
            float[] expected = AnswerFiles.Predicted(model, BatchSource.From("wave", [batch]))[0];
            float[] flat = [.. wave.Cast<float>()];
            Assert.Equal(expected, classifier.Classify(wave).Scores);
            Assert.Equal(expected, classifier.Classify(flat, time, 2).Scores);
            Assert.Equal(["a", "b", "c"], classifier.Classify(wave).Labels.Select(label => label.Label).Order());
        }
    }

    [Fact]
    public void ABatchOfSeveralLengths_GivesWhatEachGivesAlone()
    {
        using var folder = new TempFolder();
        using var model = SequenceModels.Lstm(Small);
        using var classifier = Saved(folder, model);
        float[][,] waves = [Wave(9, 2, 0), Wave(4, 2, 1), Wave(17, 2, 2)];
        var batch = classifier.ClassifyBatch(waves);
        for (int i = 0; i < waves.Length; i++)
        {
            var alone = classifier.Classify(waves[i]).Scores;
            Assert.All(alone.Zip(batch[i].Scores), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        }

        Assert.Empty(classifier.ClassifyBatch([]));
    }

    [Fact]
    public void Regress_AnswersInTheUnitsOfTheTargets_OnceOrAtEachStep()
    {
        using var folder = new TempFolder();
        float[,] wave = Wave(6, 2, 0);
        var values = Small with { Output = ModelOutput.Values, ValueCount = 2 };
        using var model = SequenceModels.Rnn(values);
        using var once = Saved(folder, model);
        double[] answer = once.Regress(wave);
        Assert.Equal(2, answer.Length);
        Assert.InRange(answer[0], 10 - 8, 10 + 8); // the model's outputs are small
        Assert.InRange(answer[1], 1000 - 800, 1000 + 800);
        Assert.Equal(answer, once.Regress([.. wave.Cast<float>()], 6, 2));
        Assert.Throws<InvalidOperationException>(() => once.RegressSteps(wave));
        Assert.Throws<InvalidOperationException>(() => once.Classify(wave));

        using var stepwise = SequenceModels.Rnn(values with { Readout = SequenceReadout.EachStep });
        using var each = Saved(folder, stepwise);
        Assert.Equal(6, each.RegressSteps(wave).Count);
        Assert.All(each.RegressSteps(wave), step => Assert.Equal(2, step.Length));
        Assert.Throws<InvalidOperationException>(() => each.Regress(wave));

        using var labels = SequenceModels.Rnn(Small with { Readout = SequenceReadout.EachStep });
        using var tags = Saved(folder, labels);
        Assert.Equal(6, tags.ClassifySteps(wave).Count);
        Assert.Throws<InvalidOperationException>(() => tags.Classify(wave));
    }

    [Fact]
    public void WhatDoesNotFit_IsRefusedByType()
    {
        using var folder = new TempFolder();
        using var model = SequenceModels.Gru(Small);
        var classifier = Saved(folder, model);
        float[,] hole = Wave(4, 2, 0);
        hole[3, 1] = float.NaN;
        Assert.Throws<ArgumentException>(() => classifier.Classify(new float[0, 2]));
        Assert.Throws<ArgumentException>(() => classifier.Classify(new float[4, 3]));
        Assert.Throws<ArgumentException>(() => classifier.Classify(new float[5], 2, 2));
        var error = Assert.Throws<ArgumentException>(() => classifier.Classify(hole));
        Assert.StartsWith("The feature 'speed' of step 3 ", error.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => classifier.Regress(Wave(4, 2, 0)));
        classifier.Dispose();
        classifier.Dispose();
        Assert.Throws<ObjectDisposedException>(() => classifier.Classify(Wave(4, 2, 0)));
    }

    private static SequenceClassifier Saved(TempFolder folder, nn.Module<Tensor, Tensor> model)
    {
        var output = ((IConfiguredModel)model).Output;
        ModelFile.Save(
            model,
            folder["model.safetensors"],
            ModelDescription.Of(model) with
            {
                ClassNames = output == ModelOutput.Values ? null : ["a", "b", "c"],
                Features = Features,
                FeatureNames = ["force", "speed"],
                Targets =
                    output == ModelOutput.Values
                        ? new FeatureNormalization { Mean = [10, 1000], StandardDeviation = [4, 400] }
                        : null,
            }
        );
        return SequenceClassifier.Load(folder["model.safetensors"]);
    }
}
