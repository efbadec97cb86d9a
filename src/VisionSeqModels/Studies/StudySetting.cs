namespace VisionSeqModels.Studies;

/// <summary>One of the settings that a study compares.</summary>
/// <typeparam name="TSetting">The user's own record of settings.</typeparam>
/// <param name="Name">Its name in tables and charts.</param>
/// <param name="Value">The setting.</param>
/// <param name="Factors">For each factor the label of the value it has here.</param>
public sealed record StudySetting<TSetting>(string Name, TSetting Value, IReadOnlyDictionary<string, string> Factors);
