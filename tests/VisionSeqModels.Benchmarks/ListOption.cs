using System.CommandLine;
using System.Globalization;

namespace VisionSeqModels.Benchmarks;

/// <summary>Makes options with several values. All forms give the same list: <c>--x a,b</c>, <c>--x a b</c> and
/// <c>--x a --x b</c>.</summary>
internal static class ListOption
{
    /// <summary>Some of a list of names.</summary>
    public static Option<string[]> Of(string name, string description, string[] choices, string[] standard) =>
        Make(
            name,
            $"{description} of {string.Join(", ", choices)} (default {string.Join(", ", standard)})",
            standard,
            text => choices.Contains(text) ? text : null,
            $"is one of {string.Join(", ", choices)}"
        );

    /// <summary>Any texts.</summary>
    public static Option<string[]> Of(string name, string description, params string[] standard) =>
        Make(name, description, standard, text => text, "is a text");

    /// <summary>Whole numbers from 1.</summary>
    public static Option<int[]> Of(string name, string description, params int[] standard) =>
        Make(
            name,
            $"{description} (default {(standard.Length == 0 ? "none" : string.Join(", ", standard))})",
            standard,
            text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int n) && n > 0 ? n : (object?)null,
            "is a whole number from 1"
        );

    private static Option<T[]> Make<T>(string name, string description, T[] standard, Func<string, object?> parse, string must) =>
        new(name)
        {
            Description = description,
            Arity = ArgumentArity.OneOrMore,
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => standard,
            CustomParser = given =>
            {
                string[] texts = [.. given.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.TrimEntries))];
                if (Array.Find(texts, text => parse(text) is null) is string wrong)
                {
                    given.AddError($"Each value of {name} {must}, but one is '{wrong}'.");
                    return standard;
                }

                return [.. texts.Select(text => (T)parse(text)!).Distinct()];
            },
        };
}
