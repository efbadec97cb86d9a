namespace VisionSeqModels.Data;

/// <summary>Splits validation data off the training data if the options ask for it.</summary>
internal static class ValidationSplit
{
    public static FitData Apply(FitData data, double fraction, long seed)
    {
        if (fraction == 0)
        {
            return data;
        }

        if (data.Validation is not null)
        {
            throw new ArgumentException(
                "Validation data is given, and TrainerOptions.ValidationSplit asks to cut some from the training "
                    + "data. Choose one of both."
            );
        }

        if (data.Train is SequenceDataset sequences)
        {
            var parts = sequences.Split(fraction, seed);
            return data with { Train = parts.Train, Validation = parts.Validation };
        }

        if (data.Train is not IImageSource images)
        {
            throw new ArgumentException(
                "TrainerOptions.ValidationSplit needs an IImageSource or a SequenceDataset to cut from, but the training data is "
                    + $"a {data.Train.GetType().Name}. Give FitData.Validation instead."
            );
        }

        var (train, validation) = images.Split(fraction, seed);
        return data with { Train = train, Validation = validation };
    }
}
