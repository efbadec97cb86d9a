using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace VisionSeqModels.Samples;

/// <summary>Makes flags that say in one sentence what they take and what they got. Numbers are written as in C#, in any
/// culture.</summary>
public static class Flag
{
    /// <summary>Units of a recurrent layer.</summary>
    public static Option<long?> HiddenSize() => Count("--hidden-size", "Units of the recurrent layer (default 128)", minimum: 1);

    /// <summary>A whole number with a lower bound.</summary>
    public static Option<long?> Count(string name, string description, int minimum) =>
        new(name)
        {
            Description = description,
            HelpName = "N",
            CustomParser = argument =>
                Parse(
                    argument,
                    $"must be a whole number from {minimum} to {int.MaxValue}",
                    text =>
                        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value)
                        && value >= minimum
                        && value <= int.MaxValue
                            ? value
                            : (long?)null
                ),
        };

    /// <summary>A finite number with a condition.</summary>
    public static Option<double?> Number(string name, string description, string must, Func<double, bool> condition) =>
        new(name)
        {
            Description = description,
            HelpName = "X",
            CustomParser = argument =>
                Parse(
                    argument,
                    $"must be {must}",
                    text =>
                        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
                        && double.IsFinite(value)
                        && condition(value)
                            ? value
                            : (double?)null
                ),
        };

    /// <summary>One of some names.</summary>
    public static Option<string?> Choice(string name, string description, string[] choices) =>
        new(name)
        {
            Description = description,
            HelpName = string.Join('|', choices),
            CustomParser = argument =>
            {
                string text = argument.Tokens[0].Value;
                if (choices.Contains(text))
                {
                    return text;
                }

                argument.AddError($"{name} must be one of {string.Join(", ", choices)}, but is '{text}'.");
                return null;
            },
        };

    /// <summary>Any text but an empty one.</summary>
    public static Option<string?> Text(string name, string helpName, string description) =>
        new(name)
        {
            Description = description,
            HelpName = helpName,
            CustomParser = argument =>
            {
                if (string.IsNullOrWhiteSpace(argument.Tokens[0].Value))
                {
                    argument.AddError($"{name} must not be empty.");
                }

                return argument.Tokens[0].Value;
            },
        };

    internal static string Show(double value) => value.ToString(CultureInfo.InvariantCulture);

    private static T? Parse<T>(ArgumentResult argument, string must, Func<string, T?> parse)
        where T : struct
    {
        string text = argument.Tokens[0].Value;
        T? value = parse(text);
        if (value is null)
        {
            argument.AddError($"{((OptionResult)argument.Parent!).Option.Name} {must}, but is '{text}'.");
        }

        return value;
    }
}
