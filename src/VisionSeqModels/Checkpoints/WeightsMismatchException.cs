namespace VisionSeqModels.Checkpoints;

/// <summary>A file of weights does not fit the model.</summary>
public sealed class WeightsMismatchException : InvalidOperationException
{
    internal WeightsMismatchException(string path, WeightsReport report)
        : base(Text(path, report)) => Report = report;

    /// <summary>What fits and what does not.</summary>
    public WeightsReport Report { get; }

    private static string Text(string path, WeightsReport report)
    {
        string?[] parts =
        [
            report.Mismatched.Count == 0 ? null : string.Join("; ", report.Mismatched),
            report.Missing.Count == 0 ? null : $"the file lacks {string.Join(", ", report.Missing)}",
            report.Unexpected.Count == 0 ? null : $"the model lacks {string.Join(", ", report.Unexpected)}",
        ];
        return $"The weights in '{path}' do not fit the model: {string.Join("; ", parts.OfType<string>())}. Build the "
            + "model with the options it was saved with, or load what fits with strict: false.";
    }
}
