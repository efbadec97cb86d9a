using System.Globalization;
using VisionSeqModels.Core;

namespace VisionSeqModels.Data;

/// <summary>Finds what does not fit in sequences, their targets and their options.</summary>
internal static class SequenceDatasetFaults
{
    /// <summary>A table's numbers, row after row.</summary>
    public static float[] Flat(float[,] rows)
    {
        float[] flat = new float[rows.Length];
        Buffer.BlockCopy(rows, 0, flat, 0, rows.Length * sizeof(float));
        return flat;
    }

    /// <exception cref="InvalidOptionsException">A table is null, or has another number of columns.</exception>
    public static void ThrowIfRagged(string name, IReadOnlyList<float[,]> tables, int columns)
    {
        for (int i = 0; i < tables.Count; i++)
        {
            if (tables[i] is null || tables[i].GetLength(1) != columns)
            {
                throw new InvalidOptionsException(
                    nameof(SequenceDataset),
                    [
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"{name} must have {columns} columns each, as the first has, but {name}[{i}] has "
                                + $"{tables[i]?.GetLength(1).ToString(CultureInfo.InvariantCulture) ?? "none, it is null"}."
                        ),
                    ]
                );
            }
        }
    }

    /// <exception cref="InvalidOptionsException">Something does not fit; the message names every fault.</exception>
    public static void ThrowIfAny(
        SequenceSpan[] sequences,
        int features,
        SequenceTargets targets,
        SequenceDatasetOptions options,
        IReadOnlyList<string>? classNames
    )
    {
        var faults = new OptionFaults(nameof(SequenceDataset))
            .Require(sequences.Length > 0, "sequences", "at least one", sequences.Length)
            .Require(features > 0, "sequences", "of at least one feature", features)
            .Require(
                targets.Count == sequences.Length,
                "targets",
                string.Create(CultureInfo.InvariantCulture, $"{sequences.Length}, one a sequence"),
                targets.Count
            )
            .Include(options.Faults(features));
        if (options.TargetNormalization is not null)
        {
            faults.Include(nameof(options.TargetNormalization), options.TargetNormalization.Faults(targets.ValueCount));
        }

        Add(faults, FirstBadSequence(sequences, features));
        if (targets.Count == sequences.Length)
        {
            Add(faults, FirstBadTarget(sequences, targets, classNames?.Count ?? 0));
        }

        faults.ThrowIfAny();
    }

    private static void Add(OptionFaults faults, string? fault)
    {
        if (fault is not null)
        {
            faults.Add(fault);
        }
    }

    private static string? FirstBadSequence(SequenceSpan[] sequences, int features)
    {
        for (int i = 0; i < sequences.Length; i++)
        {
            if (sequences[i].Length == 0)
            {
                return FormattableString.Invariant($"sequences must have at least one step each, but sequences[{i}] has none.");
            }

            var numbers = sequences[i].Numbers(features);
            for (int k = 0; k < numbers.Length; k++)
            {
                if (!float.IsFinite(numbers[k]))
                {
                    return string.Create(
                        CultureInfo.InvariantCulture,
                        $"sequences must be finite, but sequences[{i}][{k / features}, {k % features}] is {numbers[k]}. "
                            + $"Fill what is missing, or leave the sequence out."
                    );
                }
            }
        }

        return null;
    }

    private static string? FirstBadTarget(SequenceSpan[] sequences, SequenceTargets targets, int classes)
    {
        for (int i = 0; i < sequences.Length; i++)
        {
            if (targets.StepsOf(i) is int steps && steps != sequences[i].Length)
            {
                return string.Create(
                    CultureInfo.InvariantCulture,
                    $"targets at each step must be as many as steps, but those of sequences[{i}], which has "
                        + $"{sequences[i].Length}, are {steps}."
                );
            }

            if (targets.AreClasses)
            {
                foreach (int label in targets.Classes(i))
                {
                    if (label < 0 || label >= classes)
                    {
                        return FormattableString.Invariant(
                            $"labels must be from 0 to {classes - 1}, but sequences[{i}] has {label}."
                        );
                    }
                }
            }
            else if (targets.Values(i).ContainsAnyExceptInRange(float.MinValue, float.MaxValue))
            {
                return FormattableString.Invariant($"values must be finite, but those of sequences[{i}] are not.");
            }
        }

        return null;
    }
}
