using static TorchSharp.torch;

namespace VisionSeqModels.Samples.OwnSequences;

/// <summary>How well a model forecasts, beside the forecast that nothing changes.</summary>
/// <param name="Name">The table.</param>
/// <param name="Error">The root mean squared error, in the units of the file.</param>
/// <param name="LastValueError">That of the last value of each window.</param>
internal sealed record Forecast(string Name, double Error, double LastValueError)
{
    /// <summary>How many times smaller the model's error is.</summary>
    public double Factor => LastValueError / Error;

    public static Forecast Measure(
        string name,
        string column,
        Trainer trainer,
        nn.Module<Tensor, Tensor> model,
        SequenceDataset test
    )
    {
        using var scope = NewDisposeScope();
        float[] outputs = test.DenormalizeTargets(trainer.Predict(model, test)).data<float>().ToArray();
        int feature = test.FeatureNames.ToList().IndexOf(column);
        double sum = 0,
            lastValueSum = 0;
        for (int i = 0; i < test.Count; i++)
        {
            double target = test.GetValues(i)[0];
            sum += Math.Pow(outputs[i] - target, 2);
            lastValueSum += Math.Pow(test.GetSequence(i)[test.GetLength(i) - 1, feature] - target, 2);
        }

        return new Forecast(name, Math.Sqrt(sum / test.Count), Math.Sqrt(lastValueSum / test.Count));
    }

    public static void Write(string path, IEnumerable<Forecast> forecasts) =>
        CsvFile.Write(
            path,
            ["series", "error", "last_value_error", "factor"],
            forecasts.Select(one => new object[] { one.Name, one.Error, one.LastValueError, one.Factor })
        );
}
