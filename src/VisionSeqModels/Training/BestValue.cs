namespace VisionSeqModels.Training;

/// <summary>The best value of one metric so far. NaN and infinities are never best.</summary>
internal sealed class BestValue(bool higherIsBetter, double minimumDelta = 0, double? baseline = null)
{
    public double Value { get; private set; } = baseline ?? double.NaN;

    public int Epoch { get; private set; }

    public void SaveTo(CallbackState state)
    {
        state.Set("best", Value);
        state.Set("best_epoch", Epoch);
    }

    public void LoadFrom(CallbackState state)
    {
        Value = state.GetNumber("best");
        Epoch = (int)state.GetInteger("best_epoch");
    }

    /// <summary>Takes the value if it beats the best by more than the least difference that counts.</summary>
    public bool Improve(double value, int epoch)
    {
        bool better =
            double.IsFinite(value)
            && (double.IsNaN(Value) || (higherIsBetter ? value > Value + minimumDelta : value < Value - minimumDelta));
        if (better)
        {
            Value = value;
            Epoch = epoch;
        }

        return better;
    }
}
