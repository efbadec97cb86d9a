using System.Globalization;

namespace VisionSeqModels.Studies;

/// <summary>What makes a trial one of its own in a study.</summary>
/// <param name="Setting">Its setting's name.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="Fold">The fold that it is measured on, from 1; null without folds.</param>
internal readonly record struct TrialKey(string Setting, long Seed, int? Fold)
{
    /// <summary>For messages: “a, seed 1, fold 2”.</summary>
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Setting}, seed {Seed}{(Fold is int fold ? string.Create(CultureInfo.InvariantCulture, $", fold {fold}") : "")}"
        );
}
