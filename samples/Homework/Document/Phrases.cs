using System.Globalization;
using System.Text.Json.Nodes;

/// <summary>Numbers and names as the document writes them.</summary>
internal static class Phrases
{
    /// <summary>An accuracy, a loss or a probability.</summary>
    public static string Value(double value) => value.ToString("f4", CultureInfo.InvariantCulture);

    /// <summary>A count, with a comma between thousands.</summary>
    public static string Count(long count) => count.ToString("n0", CultureInfo.InvariantCulture);

    /// <summary>For example “a, b and c”.</summary>
    public static string List(IReadOnlyList<string> items, string last = "and") =>
        items.Count < 2 ? string.Concat(items) : $"{string.Join(", ", items.SkipLast(1))} {last} {items[^1]}";

    /// <summary>The names of data sets as their makers write them.</summary>
    public static string DataNames(string text) =>
        text.Replace("cifar10", "CIFAR-10", StringComparison.Ordinal).Replace("mnist", "MNIST", StringComparison.Ordinal);

    /// <summary>The name of a class in some data.</summary>
    public static string ClassName(JsonNode data, JsonNode index) => data["class_names"]![(int)(double)index]!.ToString();
}
