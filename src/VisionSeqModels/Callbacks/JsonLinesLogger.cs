using System.Text.Json;
using System.Text.Json.Nodes;
using VisionSeqModels.Core;
using VisionSeqModels.Runs;
using VisionSeqModels.Training;

namespace VisionSeqModels;

/// <summary>Adds a line of JSON to a file for every event of a run: start, logged steps, evaluations' epochs, saved states,
/// end.</summary>
/// <remarks>Every line has <c>event</c>, <c>epoch</c>, <c>step</c> and <c>time</c>. Each line is written at
/// once, so that a killed run still has its curve. A resumed run continues the same file: what came after the state it
/// resumes from is removed first, so that the file has every step and epoch once.</remarks>
#pragma warning disable CA1001 // the writer lives from OnFitStart to OnFitEnd, which always comes
public sealed class JsonLinesLogger : Callback, IGrowingLog
#pragma warning restore CA1001
{
    private StreamWriter? _writer;
    private Stream? _stream;
    private string _path = "";

    /// <summary>The file; null (default) for <c>events.jsonl</c> in the run directory, or in the current directory where
    /// there is none.</summary>
    public string? Path { get; init; }

    /// <inheritdoc/>
    public override CallbackStage Stage => CallbackStage.Persist;

    /// <inheritdoc/>
    public override void OnFitStart(FitStartEvent e)
    {
        var context = e.Context;
        _path = context.PathOf(Path, "events.jsonl");
        var kept =
            context.IsResumed && File.Exists(_path)
                ? FileSystem
                    .Current.ReadLines(_path)
                    .Where(line => BelongsToResumedRun(line, context.History.Epochs, context.Step))
                : [];
        AtomicFile.WriteAllText(_path, string.Concat(kept.ToList().Select(line => line + "\n")));
        AtomicFile.Explain(_path, () => Open(_path));
        var line = NewLine(context, context.IsResumed ? "resume" : "start");
        line["seed"] = context.History.Seed;
        line["threads"] = context.History.ThreadCount;
        line["changes"] = context.IsResumed ? JsonFormat.Node(context.History.Resumes[^1].Changes) : null;
        Write(line);
    }

    /// <inheritdoc/>
    public override void OnStepEnd(StepEndEvent e)
    {
        if (e.Logged is not null)
        {
            var line = NewLine(e.Context, "step");
            Add(line, e.Logged);
            line["learning_rate"] = e.Context.LearningRate;
            Write(line);
        }
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(EpochEndEvent e)
    {
        var line = NewLine(e.Context, "epoch");
        Add(line, e.Record.Metrics);
        line["learning_rate"] = e.Record.LearningRate;
        line["seconds"] = e.Record.Seconds;
        line["partial"] = e.Record.IsPartial;
        Write(line);
    }

    /// <inheritdoc/>
    public override void OnCheckpointSaved(CheckpointSavedEvent e) => Write(NewLine(e.Context, "checkpoint"));

    /// <inheritdoc/>
    void IGrowingLog.FlushToDisk()
    {
        if (_stream is not null)
        {
            AtomicFile.Explain(_path, () => FileSystem.Current.Flush(_stream));
        }
    }

    /// <inheritdoc/>
    public override void OnFitEnd(FitEndEvent e)
    {
        if (_writer is null)
        {
            return;
        }

        var line = NewLine(e.Context, "end");
        line["reason"] = JsonFormat.Node(e.History.StopReason);
        line["message"] = e.History.StopMessage;
        var writer = _writer;
        try
        {
            Write(line);
            ((IGrowingLog)this).FlushToDisk();
        }
        finally
        {
            _writer = null;
            _stream = null;
            AtomicFile.Explain(_path, writer.Dispose);
        }
    }

    /// <summary>Whether a line of the run so far belongs to the part that the resumed run builds on; one that was cut off
    /// does not.</summary>
    internal static bool BelongsToResumedRun(string line, IReadOnlyList<EpochRecord> epochs, long step)
    {
        try
        {
            var node = JsonFormat.Parse(line);
            return (string?)node["event"] switch
            {
                "epoch" => epochs.Any(epoch => epoch.Epoch == (int)node["epoch"]!),
                "end" => false,
                _ => (long)node["step"]! <= step,
            };
        }
        catch (Exception e) when (e is JsonException or NullReferenceException or InvalidOperationException or FormatException)
        {
            return false;
        }
    }

    private static JsonObject NewLine(FitContext context, string what) =>
        new()
        {
            ["event"] = what,
            ["epoch"] = context.Epoch,
            ["step"] = context.Step,
            ["time"] = TimeProvider
                .System.GetUtcNow()
                .ToString("yyyy-MM-ddTHH:mm:ss.fffZ", System.Globalization.CultureInfo.InvariantCulture),
        };

    private static void Add(JsonObject line, IReadOnlyDictionary<string, double> metrics)
    {
        foreach (var (name, value) in metrics)
        {
            line[name] = JsonFormat.Node(value);
        }
    }

    private void Open(string path)
    {
        // Without a buffer of its own: what the disk refuses is not tried again when the file is closed.
        _stream = FileSystem.Current.Open(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
        _writer = new StreamWriter(_stream) { AutoFlush = true, NewLine = "\n" };
    }

    private void Write(JsonObject line)
    {
        if (_writer is not null)
        {
            AtomicFile.Explain(_path, () => _writer.WriteLine(line.ToJsonString(JsonFormat.Compact)));
        }
    }
}
