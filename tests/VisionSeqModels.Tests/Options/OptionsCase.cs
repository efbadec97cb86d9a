namespace VisionSeqModels.Tests.Options;

/// <summary>What a user may count on from a type of options.</summary>
/// <param name="Type">Its name.</param>
/// <param name="Defaults">Every setting with its default, a line each, in the order of the source.</param>
/// <param name="Bad">For each setting that is checked a value that is refused, and the sentence that says so.</param>
internal sealed record OptionsCase(string Type, string Defaults, params (string Setting, object? Value, string Fault)[] Bad)
{
    /// <summary>Sound options, where the defaults alone are not.</summary>
    public Func<object>? Sound { get; init; }

    /// <summary>Settings that are not reported while another one, which they depend on, is bad too.</summary>
    public string[] Hidden { get; init; } = [];
}
