namespace VisionSeqModels.Studies;

/// <summary>A value of a factor: how it is called, and how a setting gets it.</summary>
internal sealed record FactorValue<TSetting>(string Label, Func<TSetting, TSetting> Apply);
