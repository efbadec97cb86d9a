using VisionSeqModels.Core;

namespace VisionSeqModels.Runs;

/// <summary>The pictures that stand in a run folder, with captions and in the order of a report.</summary>
internal static class RunPictures
{
    public const string Confusion = "confusion.png";
    public const string ConfidentErrors = "confident_errors.png";
    private const string Evolution = "evolution_";

    /// <summary>Drawn in the page itself, or a part of what it shows.</summary>
    private static readonly string[] LeftOut = ["curves.png", Confusion, ConfidentErrors];

    private static readonly (string File, string Caption)[] Known =
    [
        ("conv1_weights.png", "The filters of the first convolution."),
        ("activations.png", "The activations of each convolution, over the test data."),
        ("activation_history.png", "How the activations changed over the epochs."),
        ("hidden_states.png", "The hidden state, step by step."),
        ("gates.png", "The gates, step by step."),
        ("gradient_flow.png", "How strongly the loss depends on each step."),
        ("prefix_accuracy.png", "The accuracy when only the first steps are seen."),
    ];

    /// <summary>The pictures of what the model learned.</summary>
    /// <param name="folder">The run folder.</param>
    /// <param name="others">Whether pictures of other names are among them.</param>
    public static IReadOnlyList<RunReportPicture> Of(string folder, bool others)
    {
        string[] files =
        [
            .. Directory.EnumerateFiles(folder, "*.png").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal),
        ];
        return
        [
            .. Known
                .Where(picture => files.Contains(picture.File))
                .Select(picture => new RunReportPicture(picture.File, picture.Caption)),
            .. files.Where(IsEvolution).Select(file => new RunReportPicture(file, EvolutionCaption(file))),
            .. files
                .Where(file => others && !IsEvolution(file) && !LeftOut.Contains(file) && !Known.Any(known => known.File == file))
                .Select(file => new RunReportPicture(file, DisplayText.Of(Path.GetFileNameWithoutExtension(file)))),
        ];
    }

    /// <summary>The pictures of its errors.</summary>
    public static IReadOnlyList<RunReportPicture> OfErrors(string folder)
    {
        RunReportPicture[] all =
        [
            new(Confusion, "Which classes are taken for which: rows are true classes, columns predicted ones."),
            new(ConfidentErrors, "The errors that the model is most confident of."),
        ];
        return [.. all.Where(picture => File.Exists(Path.Combine(folder, picture.File)))];
    }

    private static bool IsEvolution(string file) => file.StartsWith(Evolution, StringComparison.Ordinal);

    private static string EvolutionCaption(string file)
    {
        string layer = Path.GetFileNameWithoutExtension(file)[Evolution.Length..];
        return $"What activates each map of {layer} most, over the epochs; a sudden change means that another image became the "
            + "strongest.";
    }
}
