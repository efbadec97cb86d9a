using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace VisionSeqModels.Core;

/// <summary>Names and values out of JSON as text for a reader.</summary>
internal static class DisplayText
{
    private const int MostNames = 4;

    public static string Of(string name) => name.Replace('_', ' ');

    /// <summary>“1 seed”, “3 seeds”.</summary>
    public static string Count(long count, string one) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:n0} {one}{(count == 1 ? "" : "s")}");

    /// <summary>A metric's value: four decimals, or a power of ten where these say nothing.</summary>
    public static string Number(double value) => value.ToString(NumberFormat(value), CultureInfo.InvariantCulture);

    /// <summary>How <see cref="Number"/> writes values of some size.</summary>
    public static string NumberFormat(double scale) =>
        scale != 0 && Math.Abs(scale) is < 0.001 or >= 100_000 ? "0.000e0" : "0.0000";

    /// <summary>Names as a list, the first four of many.</summary>
    public static string Names(IReadOnlyList<string> names, string what = "trial") =>
        names.Count <= MostNames
            ? string.Join("; ", names)
            : $"{Count(names.Count, what)}: {string.Join("; ", names.Take(MostNames))} and "
                + string.Create(CultureInfo.InvariantCulture, $"{names.Count - MostNames:n0} more");

    public static string Value(JsonNode? node) =>
        node switch
        {
            null => "none",
            JsonArray { Count: 0 } => "none",
            JsonArray list => string.Join(", ", list.Select(Value)),
            JsonObject entries => string.Join(", ", entries.Select(entry => $"{Of(entry.Key)} {Value(entry.Value)}")),
            _ => Scalar(node.AsValue()),
        };

    private static string Scalar(JsonValue value) =>
        value.GetValueKind() switch
        {
            JsonValueKind.True => "yes",
            JsonValueKind.False => "no",
            JsonValueKind.Number => ((double)value).ToString(
                Math.Abs((double)value) is > 0 and < 1e-4 or >= 1e15 ? "0.#########e0" : "0.################",
                CultureInfo.InvariantCulture
            ),
            _ => value.ToString(),
        };
}
