using TorchSharp.Modules;

namespace VisionSeqModels.Optimization;

/// <summary>Parts a model's parameters into the groups of an optimizer.</summary>
internal static class ParameterParts
{
    /// <summary>The groups in order, then the remaining parameters; each of them again in parts.</summary>
    /// <exception cref="ArgumentException">A group fits no parameter, or two fit the same.</exception>
    public static IReadOnlyList<(ParameterSet Set, IReadOnlyList<string> Names)> Of(
        OptimizerOptions options,
        IReadOnlyList<NamedParameter> trainable,
        Func<string, string> part
    )
    {
        var parts = new List<(ParameterSet Set, IReadOnlyList<string> Names)>();
        var owners = new Dictionary<string, ParameterGroup>(StringComparer.Ordinal);
        foreach (var group in options.ParameterGroups)
        {
            var members = trainable.Where(group.Fits).ToList();
            Check(group, members, owners, trainable);
            members.ForEach(member => owners[member.Name] = group);
            Add(members, group.LearningRate ?? (options.LearningRate * group.LearningRateFactor), group.WeightDecay);
        }

        Add(trainable.Where(parameter => !owners.ContainsKey(parameter.Name)), options.LearningRate, weightDecay: null);
        return parts;

        void Add(IEnumerable<NamedParameter> members, double learningRate, double? weightDecay) =>
            parts.AddRange(
                members
                    .GroupBy(member => part(member.Name))
                    .OrderBy(members => members.Key.Length > 0) // those without a text first; a stable sort
                    .Select(members =>
                        (
                            new ParameterSet([.. members.Select(member => (Parameter)member.Value)], learningRate, weightDecay),
                            (IReadOnlyList<string>)[.. members.Select(member => member.Name)]
                        )
                    )
            );
    }

    private static void Check(
        ParameterGroup group,
        List<NamedParameter> members,
        Dictionary<string, ParameterGroup> owners,
        IReadOnlyList<NamedParameter> trainable
    )
    {
        if (members.Count == 0)
        {
            throw new ArgumentException(
                $"The parameter group '{group.Parameters}' fits no trainable parameter. There are: "
                    + $"{NamedParameter.Names(trainable)}."
            );
        }

        foreach (var taken in members.Where(member => owners.ContainsKey(member.Name)).GroupBy(member => owners[member.Name]))
        {
            throw new ArgumentException(
                $"The parameter groups '{taken.Key.Parameters}' and '{group.Parameters}' overlap: both fit "
                    + $"{NamedParameter.Names(taken)}. Choose patterns or predicates that exclude each other."
            );
        }
    }
}
