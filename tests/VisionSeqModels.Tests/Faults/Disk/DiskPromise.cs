namespace VisionSeqModels.Tests.Faults;

/// <summary>Something that the library has said is saved.</summary>
/// <param name="What">What it is.</param>
/// <param name="Holds">Whether it is found in a folder.</param>
internal sealed record DiskPromise(string What, Func<string, bool> Holds);
