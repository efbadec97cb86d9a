using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Inference;

/// <summary>The file that a run on sequences leaves is all that a classifier needs.</summary>
[Collection("Torch")]
public sealed class SequenceRunTests
{
    private const int Outputs = 2;

    private static readonly FeatureNormalization Features = new()
    {
        Mean = [0.1, -0.2, 0.3],
        StandardDeviation = [0.5, 0.6, 0.7],
    };

    private static readonly FeatureNormalization Targets = new() { Mean = [10, 1000], StandardDeviation = [4, 400] };

    public static TheoryData<string, bool> Runs { get; } =
        new()
        {
            { "classes", false },
            { "classes", true },
            { "values", false },
            { "values", true },
            { "step classes", false },
            { "step classes", true },
            { "step values", false },
            { "step values", true },
        };

    [Theory]
    [MemberData(nameof(Runs))]
    public void TheFileOfARun_AnswersAsTrainerPredictDoes(string kind, bool lengthsDiffer)
    {
        using var folder = new TempFolder();
        float[][,] sequences = TinySequences.Arrays(lengthsDiffer ? TinySequences.Lengths : [.. Enumerable.Repeat(6, 7)]);
        var data = Data(kind, sequences);
        string path = Train(folder, kind, data);
        using var loaded = ModelFile.Load(path);
        using var classifier = SequenceClassifier.Load(path);
        double[][][] together = Predicted(loaded.Model, data, kind, sequences, sequences.Length);
        double[][][] alone = Predicted(loaded.Model, data, kind, sequences, 1);

        Assert.Equal(["force", "speed", "heat"], classifier.Description.FeatureNames);
        for (int i = 0; i < sequences.Length; i++)
        {
            double[][] answers = Answers(classifier, kind, sequences[i]);
            if (lengthsDiffer) // the trainer gives lengths then, which libtorch computes with packed sequences
            {
                Assert.Equal(alone[i].Length, answers.Length);
                double scale = AreValues(kind) ? Targets.StandardDeviation[1] : 1;
                Assert.All(
                    alone[i].SelectMany(row => row).Zip(answers.SelectMany(row => row)),
                    pair => Assert.Equal(pair.First, pair.Second, 1e-5 * scale)
                );
            }
            else
            {
                Assert.Equal(alone[i], answers);
            }
        }

        if (kind == "classes")
        {
            Assert.Equal(together.Select(rows => rows[0]), classifier.ClassifyBatch(sequences).Select(Scores));
            Assert.All(classifier.ClassifyBatch(sequences), answer => Assert.Contains(answer.Top.Label, new[] { "no", "yes" }));
        }
        else if (kind == "values")
        {
            Assert.Equal(together.Select(rows => rows[0]), classifier.RegressBatch(sequences));
        }
    }

    private static bool AreValues(string kind) => kind is "values" or "step values";

    private static bool AreSteps(string kind) => kind.StartsWith("step", StringComparison.Ordinal);

    private static SequenceDataset Data(string kind, float[][,] sequences)
    {
        var options = new SequenceDatasetOptions
        {
            FeatureNames = ["force", "speed", "heat"],
            ClassNames = AreValues(kind) ? null : ["no", "yes"],
            Normalization = Features,
            TargetNormalization = AreValues(kind) ? Targets : null,
        };
        return kind switch
        {
            "classes" => SequenceDataset.From(sequences, TinySequences.Labels(sequences), options),
            "values" => SequenceDataset.From(sequences, Values(sequences.Length), options),
            "step classes" => SequenceDataset.From(
                sequences,
                sequences.Select(rows => Enumerable.Range(0, rows.GetLength(0)).Select(i => i % Outputs).ToArray()).ToArray(),
                options
            ),
            _ => SequenceDataset.From(sequences, sequences.Select(rows => Values(rows.GetLength(0))).ToArray(), options),
        };
    }

    private static float[,] Values(int count)
    {
        float[,] values = new float[count, Outputs];
        for (int i = 0; i < count; i++)
        {
            (values[i, 0], values[i, 1]) = (8 + i, 700 + (100 * i));
        }

        return values;
    }

    /// <summary>The weights that a run saves.</summary>
    private static string Train(TempFolder folder, string kind, SequenceDataset data)
    {
        using var model = SequenceModels.Gru(
            new RecurrentOptions
            {
                InputSize = TinySequences.Features,
                HiddenSize = 8,
                Readout = AreSteps(kind) ? SequenceReadout.EachStep : SequenceReadout.Last,
                Output = AreValues(kind) ? ModelOutput.Values : ModelOutput.Classes,
                ClassCount = Outputs,
                ValueCount = AreValues(kind) ? Outputs : 1,
                Seed = 1,
            }
        );
        var options = new TrainerOptions
        {
            Epochs = 2,
            BatchSize = 4,
            Seed = 1,
            Device = "cpu",
            RunDirectory = folder["run"],
        };
        new Trainer(options).Fit(model, data, data);
        return folder["run/checkpoints/best.safetensors"];
    }

    /// <summary>Of each sequence its rows of outputs, one or as many as it has steps, in the units of the targets.</summary>
    private static double[][][] Predicted(
        nn.Module<Tensor, Tensor> model,
        SequenceDataset data,
        string kind,
        float[][,] sequences,
        int batchSize
    )
    {
        using var scope = NewDisposeScope();
        var trainer = new Trainer(new TrainerOptions { EvaluationBatchSize = batchSize, Device = "cpu" });
        return
        [
            .. trainer
                .PredictBatches(model, data)
                .SelectMany(outputs => Enumerable.Range(0, (int)outputs.size(0)).Select(i => outputs[i].contiguous()))
                .Select(outputs => outputs.data<float>().ToArray().Chunk(Outputs))
                .Select((rows, i) => rows.Take(AreSteps(kind) ? sequences[i].GetLength(0) : 1))
                .Select(rows => rows.Select(row => Numbers(row, kind)).ToArray()),
        ];
    }

    private static double[] Numbers(float[] row, string kind) =>
        AreValues(kind)
            ? [.. row.Select((value, i) => (value * Targets.StandardDeviation[i]) + Targets.Mean[i])]
            : [.. row.Select(value => (double)value)];

    private static double[][] Answers(SequenceClassifier classifier, string kind, float[,] sequence) =>
        kind switch
        {
            "classes" => [Scores(classifier.Classify(sequence))],
            "values" => [classifier.Regress(sequence)],
            "step classes" => [.. classifier.ClassifySteps(sequence).Select(Scores)],
            _ => [.. classifier.RegressSteps(sequence)],
        };

    private static double[] Scores(Classification answer) => [.. answer.Scores.Select(score => (double)score)];
}
