using System.Runtime.InteropServices;
using System.Security.Cryptography;
using VisionSeqModels.Data;

namespace VisionSeqModels.Studies;

/// <summary>A study's data, and for each trial the part of it that its fold trains on and holds out. Several threads may use
/// it.</summary>
internal sealed class FoldData
{
    private readonly Lock _own = new();
    private readonly FitData _data;
    private readonly StudyFolds? _folds;
    private readonly IImageSource? _images;
    private readonly SequenceDataset? _sequences;
    private readonly Dictionary<long, int[]> _divisions = [];

    /// <exception cref="ArgumentException">The data cannot be divided, or its roles are all taken.</exception>
    public FoldData(FitData data, StudyFolds? folds)
    {
        (_data, _folds, _images) = (data, folds, data.Train as IImageSource);
        if (folds is null)
        {
            return;
        }

        _sequences = data.Train as SequenceDataset;
        if (_images is null && _sequences is null)
        {
            throw new ArgumentException(
                $"Folds need an IImageSource or a SequenceDataset to divide, but the training data '{data.Train.Name}' is a "
                    + $"{data.Train.GetType().Name}. Let it implement IImageSource, or leave WithFolds out."
            );
        }

        if (data.Validation is not null)
        {
            throw new ArgumentException(
                "The plan has folds, which hold out a part of the training data, and validation data is given besides. Leave "
                    + "FitData.Validation null, or leave WithFolds out."
            );
        }
    }

    /// <summary>The data of a trial.</summary>
    public FitData Of(TrialKey trial)
    {
        if (_folds is null || trial.Fold is not int fold)
        {
            return _data;
        }

        int[] division = Division(trial.Seed);
        var (train, heldOut) = _sequences is null
            ? Sources(KFold.Parts(_images!, division, fold - 1))
            : Sources(_sequences.Divide(i => division[i] == fold - 1));
        return _data.Test is null
            ? new FitData { Train = train, Test = heldOut }
            : new FitData
            {
                Train = train,
                Validation = heldOut,
                Test = _data.Test,
            };
    }

    private static (IBatchSource Train, IBatchSource HeldOut) Sources<T>((T, T) parts)
        where T : IBatchSource => parts;

    /// <summary>A hash of the folds of a seed and of all labels, or null without folds.</summary>
    public string? HashOf(long seed)
    {
        if (_folds is null)
        {
            return null;
        }

        int[] labels = _sequences is null
            ? [.. Enumerable.Range(0, _images!.Count).Select(i => _images.GetLabel(i))]
            : _sequences.Labels ?? [];
        int[] all = [.. Division(seed), .. labels];
        return Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<int>(all)))[..16];
    }

    private int[] Division(long seed)
    {
        lock (_own)
        {
            if (!_divisions.TryGetValue(seed, out int[]? division))
            {
                long own = unchecked(_folds!.Seed + seed);
                division = _sequences is null
                    ? KFold.Of(_images!, _folds.Count, own, _folds.Stratified, _folds.Group)
                    : _sequences.FoldOfEach(_folds.Count, own, _folds.Stratified, _folds.Group);
                _divisions[seed] = division;
            }

            return division;
        }
    }
}
