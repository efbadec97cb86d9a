using System.Text.Json.Nodes;
using VisionSeqModels.Core;

namespace VisionSeqModels.Runs;

/// <summary>One option of a run: what it belongs to (training, optimizer, model …), its name, and its value as text.</summary>
/// <param name="Group">What it belongs to.</param>
/// <param name="Name">Its name; empty where it is the group's own, such as which optimizer.</param>
/// <param name="Value">Its value.</param>
internal sealed record OptionLeaf(string Group, string Name, string Value)
{
    /// <summary>Its name outside of its group.</summary>
    public string FullName =>
        Name.Length == 0 ? Group
        : Group == "training" ? Name
        : $"{Group} {Name}";

    /// <summary>All options of a run but its seed, which differs between trials.</summary>
    public static IReadOnlyList<OptionLeaf> Of(RunRecord run)
    {
        var leaves = new List<OptionLeaf>();
        foreach (var (key, value) in run.Trainer ?? [])
        {
            string name = DisplayText.Of(key);
            bool isGroup = value is JsonObject;
            Add(leaves, isGroup ? name : "training", isGroup ? "" : name, value);
        }

        if (run.Model?.Name is string model)
        {
            leaves.Add(new OptionLeaf("model", "", model));
        }

        Add(leaves, "model", "", run.Model?.Options);
        return [.. leaves.Where(leaf => leaf.Name != "seed")];
    }

    private static void Add(List<OptionLeaf> leaves, string group, string name, JsonNode? value)
    {
        if (value is JsonObject parts)
        {
            foreach (var (key, part) in parts.OrderBy(entry => entry.Key == "name" ? 0 : 1))
            {
                Add(leaves, group, key == "name" ? name : $"{name} {DisplayText.Of(key)}".TrimStart(), part);
            }
        }
        else if (value is not null || name.Length > 0)
        {
            leaves.Add(new OptionLeaf(group, name, DisplayText.Value(value)));
        }
    }
}
