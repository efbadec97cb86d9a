namespace VisionSeqModels;

/// <summary>One or more options have values that cannot be used. The message names every fault.</summary>
public sealed class InvalidOptionsException : ArgumentException
{
    internal InvalidOptionsException(string optionsType, IReadOnlyList<string> faults)
        : base(Text(optionsType, faults)) => Faults = faults;

    /// <summary>One sentence for each fault, in the order of the properties.</summary>
    public IReadOnlyList<string> Faults { get; }

    private static string Text(string optionsType, IReadOnlyList<string> faults) =>
        faults.Count == 1
            ? $"{optionsType}: {faults[0]}"
            : $"{optionsType} has {faults.Count} faults:"
                + string.Concat(faults.Select(fault => $"{Environment.NewLine}- {fault}"));
}
