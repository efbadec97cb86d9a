using System.Text.Json.Nodes;

namespace VisionSeqModels.Studies;

/// <summary>What the records of a study's runs say of model and trainer: what all have in common, and what differs.</summary>
internal sealed class RunOptions
{
    private const int MostValues = 8;
    private readonly List<Dictionary<string, string>> _runs;

    public RunOptions(IEnumerable<JsonObject> runs)
    {
        _runs = [.. runs.Select(run =>
        {
            var values = new Dictionary<string, string>(StringComparer.Ordinal);
            Flatten("", run["trainer"], values);
            Flatten("model", run["model"], values);
            Flatten("threads", run["threads"], values);
            return values;
        })];
    }

    /// <summary>Each option that is the same in all runs, with its value.</summary>
    public IEnumerable<string> Same => Names.Where(name => Values(name).Count == 1).Select(name => $"{name} {Values(name)[0]}");

    /// <summary>Each option that is not, with its values.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Different =>
        [.. Names.Select(name => (name, Values: Values(name))).Where(entry => entry.Values.Count > 1)
            .Select(entry => (IReadOnlyList<string>)[entry.name, string.Join(", ", entry.Values.Take(MostValues)) + (entry.Values.Count > MostValues ? $" and {entry.Values.Count - MostValues} more" : "")])];

    private IEnumerable<string> Names => _runs.SelectMany(run => run.Keys).Distinct();

    private List<string> Values(string name) => [.. _runs.Select(run => run.GetValueOrDefault(name, "none")).Distinct()];

    /// <summary>Nested names in one, without what says nothing: nulls, empty lists, the seed, which is an axis of its own.</summary>
    private static void Flatten(string name, JsonNode? node, Dictionary<string, string> values)
    {
        switch (node)
        {
            case JsonObject group:
                foreach (var (key, value) in group)
                {
                    string part = key is "name" or "options" ? "" : key.Replace('_', ' ');
                    Flatten(string.Join(' ', new[] { name, part }.Where(text => text.Length > 0)), value, values);
                }

                break;
            case JsonArray { Count: 0 } or null:
                break;
            case JsonArray list:
                values[name] = string.Join(" and ", list.Select(item => item is JsonValue ? $"{item}" : item?.ToJsonString()));
                break;
            default:
                if (name is not ("seed" or "model seed"))
                {
                    values[name] = $"{node}";
                }

                break;
        }
    }
}
