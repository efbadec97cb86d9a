using System.Text.Json;
using System.Text.Json.Serialization;
using VisionSeqModels.Core;
using VisionSeqModels.Drawing;

namespace VisionSeqModels.Visualization;

/// <summary>What <see cref="ActivationStatistics"/> measured.</summary>
public sealed record ActivationReport
{
    private static readonly JsonSerializerOptions Format = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The name of the data.</summary>
    public required string Source { get; init; }

    /// <summary>How many samples it had.</summary>
    public required long SampleCount { get; init; }

    /// <summary>The layers, in the order of the model.</summary>
    public required IReadOnlyList<LayerStatistics> Layers { get; init; }

    /// <summary>The report as JSON, with the names of these properties in snake_case; not-a-number is written as the text
    /// "NaN".</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Format) + "\n";

    /// <summary>Writes <see cref="ToJson"/> to a file, whole or not at all.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SaveJson(string path) => AtomicFile.WriteAllText(path, ToJson());

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <param name="json">The text.</param>
    /// <exception cref="JsonException">The text is no such report.</exception>
    public static ActivationReport FromJson(string json)
    {
        var report =
            JsonSerializer.Deserialize<ActivationReport>(json, Format)
            ?? throw new JsonException("The text is no activation report but null.");
        return report.Layers.All(layer => layer?.Channels.Contains(null!) == false)
            ? report
            : throw new JsonException("A layer or a channel of the report is null.");
    }

    /// <summary>Draws two panels for each layer: the distribution of all its values, and each channel's mean with its
    /// standard deviation.</summary>
    public Picture Chart()
    {
        SkiaRuntime.EnsureAvailable();
        return new ActivationChart(this).Draw();
    }
}
