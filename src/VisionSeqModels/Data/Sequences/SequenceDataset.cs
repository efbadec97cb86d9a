using System.Globalization;
using VisionSeqModels.Data;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>Sequences in memory with a class, numbers, or either at each step; their lengths may differ. It can be read in
/// batches, each padded with zeros to its longest sequence.</summary>
/// <remarks>Batches have inputs <c>[batch, time, features]</c>, float32. Where the sequences differ in length they have
/// <see cref="Batch.Lengths"/>. Targets are classes <c>[batch]</c>, int64, or numbers <c>[batch, values]</c>, float32. With
/// targets at each step they are <c>[batch, time]</c> and <c>[batch, time, values]</c>, and after a sequence's end
/// <see cref="IgnoredLabel"/> and not-a-number, so that a loss that does not leave them out fails visibly. It holds plain arrays:
/// there is nothing to dispose, and several threads may read it.</remarks>
public sealed class SequenceDataset : ISequenceSource
{
    private const int MaximumUnnamed = 99_999; // larger labels are a mistake

    private readonly SequenceSpan[] _sequences;
    private readonly SequenceTargets _targets;
    private readonly long[]? _chosen; // null: all
    private readonly bool _hasLengths;

    internal SequenceDataset(SequenceSpan[] sequences, int features, SequenceTargets targets, SequenceDatasetOptions options)
    {
        _sequences = sequences;
        _targets = targets;
        FeatureNames = options.FeatureNames ?? [.. Enumerable.Range(1, features).Select(i => $"feature{Text(i)}")];
        ClassNames = !targets.AreClasses
            ? null
            : options.ClassNames
                ?? [.. Enumerable.Range(0, Math.Clamp(targets.MaximumClass, 0, MaximumUnnamed) + 1).Select(Text)];
        Options = options;
        _hasLengths = sequences.Any(sequence => sequence.Length != sequences[0].Length);
        SequenceDatasetFaults.ThrowIfAny(sequences, features, targets, options, ClassNames);
    }

    private SequenceDataset(SequenceDataset source, long[] chosen)
    {
        (_sequences, _targets, _hasLengths) = (source._sequences, source._targets, source._hasLengths);
        (FeatureNames, ClassNames, Options) = (source.FeatureNames, source.ClassNames, source.Options);
        _chosen = chosen;
    }

    /// <summary>The target at a step after a sequence's end, where there is a class at each step: −100, as PyTorch's
    /// <c>ignore_index</c>.</summary>
    public const int IgnoredLabel = (int)SequenceTargets.NoLabel;

    /// <inheritdoc/>
    public string Name => Options.Name;

    /// <inheritdoc/>
    public IReadOnlyList<string> FeatureNames { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string>? ClassNames { get; }

    /// <inheritdoc/>
    public FeatureNormalization? Normalization => Options.Normalization;

    /// <inheritdoc/>
    public FeatureNormalization? TargetNormalization => Options.TargetNormalization;

    /// <summary>The options that it was made with.</summary>
    public SequenceDatasetOptions Options { get; }

    /// <summary>The number of sequences.</summary>
    public int Count => _chosen?.Length ?? _sequences.Length;

    /// <inheritdoc/>
    public long? SampleCount => Count;

    /// <inheritdoc/>
    public bool SupportsConcurrentReads => true;

    /// <summary>Features of each step.</summary>
    public int FeatureCount => FeatureNames.Count;

    /// <summary>How many numbers a target has; 0 where the targets are classes.</summary>
    public int ValueCount => _targets.ValueCount;

    /// <summary>Whether there is a target at each step.</summary>
    public bool HasStepTargets => _targets.PerStep;

    /// <summary>Sequences with a class each.</summary>
    /// <param name="sequences">Each <c>[steps, features]</c>; at least one step, all with as many features. They are
    /// copied.</param>
    /// <param name="labels">The class of each, from 0.</param>
    /// <param name="options">Names, normalisation, bucketing; null for the defaults.</param>
    /// <exception cref="InvalidOptionsException">Sequences, labels or options do not fit each other; the message names every
    /// fault.</exception>
    public static SequenceDataset From(
        IReadOnlyList<float[,]> sequences,
        IReadOnlyList<int> labels,
        SequenceDatasetOptions? options = null
    )
    {
        ArgumentNullException.ThrowIfNull(labels);
        return Of(sequences, new SequenceTargets([.. labels.Select(label => new[] { label })], null, 0, perStep: false), options);
    }

    /// <summary>Sequences with a number each.</summary>
    /// <param name="sequences">Each <c>[steps, features]</c>.</param>
    /// <param name="values">The number of each.</param>
    /// <param name="options">Names, normalisation, bucketing; null for the defaults.</param>
    /// <inheritdoc cref="From(IReadOnlyList{float[,]}, IReadOnlyList{int}, SequenceDatasetOptions?)"/>
    public static SequenceDataset From(IReadOnlyList<float[,]> sequences, float[] values, SequenceDatasetOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        return Of(sequences, new SequenceTargets(null, [.. values.Select(value => new[] { value })], 1, perStep: false), options);
    }

    /// <summary>Sequences with several numbers each.</summary>
    /// <param name="sequences">Each <c>[steps, features]</c>.</param>
    /// <param name="values">The numbers of each, <c>[sequences, values]</c>.</param>
    /// <param name="options">Names, normalisation, bucketing; null for the defaults.</param>
    /// <inheritdoc cref="From(IReadOnlyList{float[,]}, IReadOnlyList{int}, SequenceDatasetOptions?)"/>
    public static SequenceDataset From(IReadOnlyList<float[,]> sequences, float[,] values, SequenceDatasetOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        int count = values.GetLength(1);
        float[][] rows = [.. values.Cast<float>().Chunk(Math.Max(count, 1))];
        return Of(sequences, new SequenceTargets(null, rows, count, perStep: false), options);
    }

    /// <summary>Sequences with a class at each step.</summary>
    /// <param name="sequences">Each <c>[steps, features]</c>.</param>
    /// <param name="stepLabels">For each sequence the class at each of its steps, from 0.</param>
    /// <param name="options">Names, normalisation, bucketing; null for the defaults.</param>
    /// <inheritdoc cref="From(IReadOnlyList{float[,]}, IReadOnlyList{int}, SequenceDatasetOptions?)"/>
    public static SequenceDataset From(
        IReadOnlyList<float[,]> sequences,
        IReadOnlyList<int[]> stepLabels,
        SequenceDatasetOptions? options = null
    )
    {
        ArgumentNullException.ThrowIfNull(stepLabels);
        return Of(sequences, new SequenceTargets([.. stepLabels.Select(row => (int[])row.Clone())], null, 0, true), options);
    }

    /// <summary>Sequences with numbers at each step.</summary>
    /// <param name="sequences">Each <c>[steps, features]</c>.</param>
    /// <param name="stepValues">For each sequence the numbers at each of its steps, <c>[steps, values]</c>.</param>
    /// <param name="options">Names, normalisation, bucketing; null for the defaults.</param>
    /// <inheritdoc cref="From(IReadOnlyList{float[,]}, IReadOnlyList{int}, SequenceDatasetOptions?)"/>
    public static SequenceDataset From(
        IReadOnlyList<float[,]> sequences,
        IReadOnlyList<float[,]> stepValues,
        SequenceDatasetOptions? options = null
    )
    {
        ArgumentNullException.ThrowIfNull(stepValues);
        int count = stepValues.Count == 0 ? 0 : stepValues[0].GetLength(1);
        float[][] rows = [.. stepValues.Select(SequenceDatasetFaults.Flat)];
        SequenceDatasetFaults.ThrowIfRagged(nameof(stepValues), stepValues, count);
        return Of(sequences, new SequenceTargets(null, rows, count, perStep: true), options);
    }

    /// <summary>The number of steps of a sequence.</summary>
    /// <param name="index">Which sequence, from 0, in stored order.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sequence.</exception>
    public int GetLength(long index) => _sequences[Place(index)].Length;

    /// <summary>A copy of a sequence as it was given, not normalised, <c>[steps, features]</c>.</summary>
    /// <inheritdoc cref="GetLength"/>
    public float[,] GetSequence(long index)
    {
        var sequence = _sequences[Place(index)];
        float[,] copy = new float[sequence.Length, FeatureCount];
        Buffer.BlockCopy(sequence.Numbers(FeatureCount).ToArray(), 0, copy, 0, copy.Length * sizeof(float));
        return copy;
    }

    /// <summary>The class of a sequence, or the class at each of its steps.</summary>
    /// <inheritdoc cref="GetLength"/>
    /// <exception cref="InvalidOperationException">The targets are numbers.</exception>
    public IReadOnlyList<int> GetLabels(long index) =>
        _targets.AreClasses
            ? _targets.Classes(Place(index)).ToArray()
            : throw new InvalidOperationException($"The targets of '{Name}' are numbers, not classes. Ask for GetValues.");

    /// <summary>The numbers of a sequence as they were given, not normalised; with targets at each step a row after the
    /// other.</summary>
    /// <inheritdoc cref="GetLength"/>
    /// <exception cref="InvalidOperationException">The targets are classes.</exception>
    public IReadOnlyList<float> GetValues(long index) =>
        !_targets.AreClasses
            ? _targets.Values(Place(index)).ToArray()
            : throw new InvalidOperationException($"The targets of '{Name}' are classes, not numbers. Ask for GetLabels.");

    /// <summary>Turns normalised targets, or a model's outputs for them, into the units that the numbers were given
    /// in.</summary>
    /// <param name="values">Numbers whose last dimension has <see cref="ValueCount"/> entries, float32, on any device.</param>
    /// <returns>The same shape; it belongs to the current dispose scope, else to the caller.</returns>
    public Tensor DenormalizeTargets(Tensor values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (TargetNormalization is not FeatureNormalization normalization)
        {
            return values.clone();
        }

        using var scope = NewDisposeScope();
        var deviation = tensor([.. normalization.StandardDeviation.Select(value => (float)value)], device: values.device);
        var mean = tensor([.. normalization.Mean.Select(value => (float)value)], device: values.device);
        return (values * deviation).AddInPlace(mean).MoveToOuterDisposeScope();
    }

    /// <summary>Some of the sequences, without a copy of their numbers.</summary>
    /// <param name="indices">Which, each by its place, from 0; at least one.</param>
    /// <exception cref="ArgumentException">No index, or one of no sequence.</exception>
    public SequenceDataset Subset(IReadOnlyList<long> indices)
    {
        ArgumentNullException.ThrowIfNull(indices);
        return indices.Count > 0 && indices.All(index => index >= 0 && index < Count)
            ? new SequenceDataset(this, [.. indices.Select(index => (long)Place(index))])
            : throw new ArgumentException(
                $"A subset of '{Name}' needs at least one index, each from 0 to {Text(Count - 1)}.",
                nameof(indices)
            );
    }

    /// <summary>Divides the sequences in two, with the same fraction of every class in each part where they have
    /// one.</summary>
    /// <param name="fraction">The fraction that goes into the second part; above 0 and below 1.</param>
    /// <param name="seed">Decides which sequences; the same seed gives the same split on every machine.</param>
    /// <param name="group">Gives the group of the sequence at an index, for example its person: a group is never on both sides,
    /// and then the classes are not looked at. Default null, each sequence by itself.</param>
    /// <returns>The part for training and the part set aside, in stored order.</returns>
    /// <exception cref="ArgumentException">A part would be empty.</exception>
    public (SequenceDataset Train, SequenceDataset Validation) Split(
        double fraction,
        long seed = 0,
        Func<long, long>? group = null
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(fraction, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(fraction, 1);
        bool[] chosen = SequenceSplit.Of(Count, Labels, Groups(group), fraction, seed);
        return chosen.Contains(true) && chosen.Contains(false)
            ? Divide(i => chosen[i])
            : throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"A fraction of {fraction} of the {Count} sequences of '{Name}' leaves one part without sequences. Take "
                        + $"another fraction, or more sequences{(group is null ? "" : " or groups")}."
                ),
                nameof(fraction)
            );
    }

    /// <summary>Divides the sequences into folds for cross-validation: each sequence is held out by exactly one fold, which
    /// trains on all others.</summary>
    /// <param name="count">The number of folds, at least 2.</param>
    /// <param name="seed">Decides which sequences; the same seed gives the same folds on every machine.</param>
    /// <param name="stratified">Whether each fold holds out the same fraction of every class, where sequences have one; default
    /// true.</param>
    /// <param name="group">Gives the group of the sequence at an index: a group is never on both sides. Default null, each
    /// sequence by itself.</param>
    /// <returns>For each fold the part for training and the part that is held out, in stored order.</returns>
    /// <exception cref="ArgumentException">There are fewer sequences, or fewer groups, than folds.</exception>
    public IReadOnlyList<(SequenceDataset Train, SequenceDataset HeldOut)> Folds(
        int count,
        long seed = 0,
        bool stratified = true,
        Func<long, long>? group = null
    )
    {
        int[] foldOf = FoldOfEach(count, seed, stratified, group);
        return [.. Enumerable.Range(0, count).Select(fold => Divide(i => foldOf[i] == fold))];
    }

    /// <inheritdoc/>
    public IEnumerable<Batch> Read(BatchRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentOutOfRangeException.ThrowIfLessThan(request.BatchSize, 1, nameof(request));
        return ReadBatches(request);
    }

    /// <summary>For each sequence the fold that holds it out, from 0.</summary>
    internal int[] FoldOfEach(int count, long seed, bool stratified, Func<long, long>? group)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 2);
        long[]? groups = Groups(group);
        int parts = groups?.Distinct().Count() ?? Count;
        return parts >= count
            ? KFold.Of(Count, stratified ? Labels : null, groups, count, seed)
            : throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{count} folds of '{Name}' need at least as many {(groups is null ? "sequences" : "groups")}, but there are "
                        + $"{parts}. Ask for fewer folds, or give more data."
                ),
                nameof(count)
            );
    }

    /// <summary>The sequences that are not chosen, and those that are, each in stored order.</summary>
    internal (SequenceDataset Others, SequenceDataset Chosen) Divide(Func<int, bool> isChosen)
    {
        var parts = Enumerable.Range(0, Count).ToLookup(isChosen);
        return (Subset([.. parts[false].Select(i => (long)i)]), Subset([.. parts[true].Select(i => (long)i)]));
    }

    /// <summary>The class of each sequence; null where they have none of their own.</summary>
    internal int[]? Labels =>
        _targets.ClassOfEach is not int[] all ? null
        : _chosen is null ? all
        : [.. _chosen.Select(i => all[i])];

    private long[]? Groups(Func<long, long>? group) =>
        group is null ? null : [.. Enumerable.Range(0, Count).Select(i => group(i))];

    private IEnumerable<Batch> ReadBatches(BatchRequest request)
    {
        long[] order = EpochOrder.Of(request, Count, _chosen) ?? [.. Enumerable.Range(0, Count).Select(i => (long)i)];
        if (request.Shuffle && Options.Bucketing)
        {
            order = BucketOrder.Of(order, place => _sequences[place].Length, request);
        }

        foreach (var (begin, size) in EpochOrder.Batches(request, Count))
        {
            yield return Gather(order.AsSpan(begin, size), request.Device);
        }
    }

    private Batch Gather(ReadOnlySpan<long> places, Device device)
    {
        long[] lengths = new long[places.Length];
        for (int i = 0; i < places.Length; i++)
        {
            lengths[i] = _sequences[places[i]].Length;
        }

        int steps = (int)lengths.Max();
        float[] numbers = new float[checked(places.Length * steps * FeatureCount)]; // zeros: the padding
        for (int i = 0; i < places.Length; i++)
        {
            var own = _sequences[places[i]].Numbers(FeatureCount);
            FeatureScale.Apply(own, numbers.AsSpan(i * steps * FeatureCount, own.Length), Normalization);
        }

        var inputs = tensor(numbers).reshape(places.Length, steps, FeatureCount);
        var targets = _targets.Of(places, steps, TargetNormalization);
        return new Batch(inputs, targets, _hasLengths ? tensor(lengths) : null).On(device);
    }

    private static SequenceDataset Of(IReadOnlyList<float[,]> sequences, SequenceTargets targets, SequenceDatasetOptions? options)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        int features = sequences.Count == 0 ? 0 : sequences[0].GetLength(1);
        SequenceDatasetFaults.ThrowIfRagged(nameof(sequences), sequences, features);
        return new SequenceDataset(
            [.. sequences.Select(rows => new SequenceSpan(SequenceDatasetFaults.Flat(rows), 0, rows.GetLength(0)))],
            features,
            targets,
            options ?? new SequenceDatasetOptions()
        );
    }

    private int Place(long index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        return (int)(_chosen?[index] ?? index);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
