using System.Text.Json.Nodes;
using VisionSeqModels.Training;

namespace VisionSeqModels;

/// <summary>Writes run.json: every option, the data, seed, device, versions, and how the run went and ended.</summary>
/// <remarks>It is written at the start (with <c>"status": "running"</c>), after each epoch and at the end; whole each
/// time.</remarks>
public sealed class RunRecorder : Callback
{
    private RunJson? _json;

    /// <summary>The file; null (default) for <c>run.json</c> in the run directory, or in the current directory where there
    /// is none.</summary>
    public string? Path { get; init; }

    /// <summary>Further entries for the file's top level, for example a name or a command line; default none.</summary>
    public JsonObject? Extra { get; init; }

    /// <inheritdoc/>
    public override CallbackStage Stage => CallbackStage.Persist;

    /// <inheritdoc/>
    public override void OnFitStart(FitStartEvent e)
    {
        _json = new RunJson(Path ?? System.IO.Path.Combine(e.Context.RunDirectory ?? "", "run.json"), e.Context, Extra);
        _json.Write("running");
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(EpochEndEvent e) => _json!.Write("running");

    /// <inheritdoc/>
    public override void OnFitEnd(FitEndEvent e) => _json?.Write(RunJson.StatusOf(e.History.StopReason));
}
