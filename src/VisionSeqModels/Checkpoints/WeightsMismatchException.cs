namespace VisionSeqModels.Checkpoints;

/// <summary>A file of weights does not fit the model.</summary>
public sealed class WeightsMismatchException : InvalidOperationException
{
    private const int MostNames = 6;

    internal WeightsMismatchException(string path, WeightsReport report)
        : base(report.Loaded.Count == 0 ? NothingFits(path, report) : Text(path, report)) => Report = report;

    /// <summary>What fits and what does not.</summary>
    public WeightsReport Report { get; }

    private static string Text(string path, WeightsReport report) =>
        $"The weights in '{path}' do not fit the model: {Differences(report)}. Build the "
        + "model with the options it was saved with, or load what fits with strict: false.";

    private static string NothingFits(string path, WeightsReport report) =>
        report.Mismatched.Count > 0
            ? $"The weights in '{path}' do not fit the model, so nothing was loaded: {Differences(report)}. Build the model with "
                + "the options it was saved with."
            : $"Nothing in '{path}' fits the model, so nothing was loaded: the file has {Some(report.FileNames)}, the model has "
                + $"{Some(report.ModelNames)}. Build the model that was saved, or rename the tensors.";

    private static string Differences(WeightsReport report)
    {
        string?[] parts =
        [
            report.Mismatched.Count == 0 ? null : string.Join("; ", report.Mismatched),
            report.Missing.Count == 0 ? null : $"the file lacks {string.Join(", ", report.Missing)}",
            report.Unexpected.Count == 0 ? null : $"the model lacks {string.Join(", ", report.Unexpected)}",
        ];
        return string.Join("; ", parts.OfType<string>());
    }

    private static string Some(IReadOnlyList<string> names) =>
        names.Count == 0 ? "no tensors"
        : names.Count <= MostNames ? string.Join(", ", names)
        : $"{string.Join(", ", names.Take(MostNames))} and {names.Count - MostNames} more";
}
