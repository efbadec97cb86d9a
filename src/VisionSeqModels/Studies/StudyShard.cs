using System.Globalization;

namespace VisionSeqModels.Studies;

/// <summary>A part of a study's trials, for workers that have neither a folder nor a database in common: every
/// <see cref="Count"/>-th trial, from the <see cref="Index"/>-th on.</summary>
/// <param name="Index">Which part, from 0.</param>
/// <param name="Count">How many parts there are.</param>
public sealed record StudyShard(int Index, int Count)
{
    /// <summary>The part of this task of a Slurm job array, by <c>SLURM_ARRAY_TASK_ID</c>, <c>SLURM_ARRAY_TASK_MIN</c>,
    /// <c>SLURM_ARRAY_TASK_STEP</c> and <c>SLURM_ARRAY_TASK_COUNT</c>; null outside of one.</summary>
    public static StudyShard? FromSlurm() => FromSlurm(Environment.GetEnvironmentVariable);

    internal static StudyShard? FromSlurm(Func<string, string?> variable)
    {
        int? Number(string name) =>
            int.TryParse(variable(name), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
        return Number("SLURM_ARRAY_TASK_ID") is int id && Number("SLURM_ARRAY_TASK_COUNT") is int count
            ? new StudyShard(
                (id - (Number("SLURM_ARRAY_TASK_MIN") ?? 0)) / Math.Max(1, Number("SLURM_ARRAY_TASK_STEP") ?? 1),
                count
            )
            : null;
    }

    /// <summary>Whether a trial is in this part.</summary>
    /// <param name="number">The trial's number, from 1.</param>
    internal bool Has(int number) => (number - 1) % Count == Index;
}
