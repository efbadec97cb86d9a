namespace VisionSeqModels.Metrics;

/// <summary>Samples of one class: predicted rightly, predicted at all, and really there.</summary>
internal readonly record struct ClassCounts(double Right, double Predicted, double Actual)
{
    public double Precision => Predicted == 0 ? 0 : Right / Predicted;

    public double Recall => Actual == 0 ? 0 : Right / Actual;

    public double F1 => Predicted + Actual == 0 ? 0 : 2 * Right / (Predicted + Actual);
}
