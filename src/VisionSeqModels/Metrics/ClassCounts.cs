namespace VisionSeqModels.Metrics;

/// <summary>The samples of one class: those predicted correctly, those predicted at all, and those in the data.</summary>
internal readonly record struct ClassCounts(double Correct, double Predicted, double Actual)
{
    public double Precision => Predicted == 0 ? 0 : Correct / Predicted;

    public double Recall => Actual == 0 ? 0 : Correct / Actual;

    public double F1 => Predicted + Actual == 0 ? 0 : 2 * Correct / (Predicted + Actual);
}
