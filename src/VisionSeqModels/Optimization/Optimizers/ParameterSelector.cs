using System.IO.Enumeration;
using System.Text.RegularExpressions;

namespace VisionSeqModels.Optimization;

/// <summary>Chooses parameters by a pattern of their names, or by a predicate.</summary>
/// <param name="Text">The pattern: the start of a name, or with <c>*</c> or <c>?</c> the whole name; or the predicate's
/// source.</param>
/// <param name="Predicate">The predicate, or null for the pattern.</param>
internal sealed partial record ParameterSelector(string Text, Func<NamedParameter, bool>? Predicate = null)
{
    public const string NoDecayText = "biases and normalisation";

    public bool Fits(NamedParameter parameter) => Predicate?.Invoke(parameter) ?? FitsName(parameter.Name);

    /// <summary>A bias by its name (<c>bias</c>, <c>bias_ih_l0</c>), or any parameter of a module whose type's name ends with
    /// Norm, or with Norm1d to Norm3d.</summary>
    public static bool IsBiasOrNormalization(NamedParameter parameter) =>
        parameter.Name[(parameter.Name.LastIndexOf('.') + 1)..].StartsWith("bias", StringComparison.Ordinal)
        || Normalization().IsMatch(parameter.Module.GetType().Name);

    private bool FitsName(string name) =>
        Text.AsSpan().IndexOfAny('*', '?') >= 0
            ? FileSystemName.MatchesSimpleExpression(Text, name, ignoreCase: false)
            : name.StartsWith(Text, StringComparison.Ordinal);

    [GeneratedRegex("Norm([1-3]d)?$")]
    private static partial Regex Normalization();
}
