using System.Text.Json.Nodes;
using VisionSeqModels.Runs;

namespace VisionSeqModels.Studies;

/// <summary>What trials have come to so far, wherever that is kept.</summary>
internal interface ITrialRecords
{
    /// <summary>The trial's run.json, null where there is none; and what is wrong with it, where it cannot be read.</summary>
    (RunRecord? Record, string? Problem) Read(StudyFile.Entry trial);

    /// <summary>Whether the trial has a state to resume from.</summary>
    bool HasState(StudyFile.Entry trial);

    /// <summary>What the trial was run with; null where that is not known.</summary>
    /// <exception cref="System.Text.Json.JsonException">The file is damaged.</exception>
    JsonObject? Setup(StudyFile.Entry trial, RunRecord? record);
}
