using System.Globalization;
using VisionSeqModels.Core;

namespace VisionSeqModels.Runs;

/// <summary>Data, machine and versions of a run, as text.</summary>
internal static class RunFacts
{
    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["vision_seq_models"] = "VisionSeqModels",
        ["torch_sharp"] = "TorchSharp",
        ["dotnet"] = ".NET",
        ["cuda_is_available"] = "CUDA is there",
        ["processor_count"] = "processors",
    };

    /// <summary>All facts of one run; those that it does not know are left out.</summary>
    public static IReadOnlyList<(string Name, string Value)> Of(RunRecord run)
    {
        List<(string Name, string Value)> facts =
        [
            ("data", Data(run)),
            ("images", Images(run)),
            ("classes", Classes(run)),
            ("seed", Invariant($"{run.Seed}")),
            ("device", run.Device),
            ("threads", Invariant($"{run.Threads}")),
            .. (run.Versions ?? []).Select(entry => (NameOf(entry.Key), DisplayText.Value(entry.Value))),
            ("begun", run.Started.ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture)),
            ("resumed", run.Resumes.Count == 0 ? "" : DisplayText.Count(run.Resumes.Count, "time")),
        ];
        return [.. facts.Where(fact => fact.Value.Length > 0)];
    }

    /// <summary>The name of a version or of a fact of the machine.</summary>
    public static string NameOf(string version) => Names.GetValueOrDefault(version, DisplayText.Of(version));

    public static string Data(RunRecord run)
    {
        (long? Count, string What)[] all =
        [
            (run.Data?.TrainSamples, "training"),
            (run.Data?.ValidationSamples, "validation"),
            (run.Data?.TestSamples, "test"),
        ];
        string[] sizes = [.. all.Where(part => part.Count is not null).Select(part => Invariant($"{part.Count:n0} {part.What}"))];
        string source = run.Source ?? "none";
        return sizes.Length == 0 ? source : $"{source}: {string.Join(", ", sizes)} samples";
    }

    public static string Images(RunRecord run) =>
        run.Data?.ImageShape is [var channels, var height, var width]
            ? Invariant($"{channels} × {height} × {width} (channels, height, width)")
            : "";

    public static string Classes(RunRecord run) =>
        run.Data?.ClassNames is { } names
            ? Invariant($"{names.Count}: {(names.Count == 0 ? "none" : string.Join(", ", names))}")
            : "";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
