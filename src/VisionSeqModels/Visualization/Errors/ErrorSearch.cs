using VisionSeqModels.Data;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>Finds, batch by batch, the samples that a classifier gets wrong. Its tensors live in the dispose scope in which
/// <see cref="See"/> is called.</summary>
internal sealed class ErrorSearch(string source)
{
    private readonly OutputKind _kind = new();
    private readonly List<(Tensor Places, Tensor Scores, Tensor Targets)> _suspects = [];

    public void See(Batch batch, long first, Tensor scores)
    {
        ClassScoreFaults.ThrowIfNotOfClasses(scores, batch.Targets);
        ClassScoreFaults.ThrowIfNaN(scores, source);
        _kind.See(scores); // what scores are is known when all were seen
        _suspects.Add(Suspects(scores.cpu(), batch.Targets.cpu(), first));
    }

    /// <summary>The most confident errors of all batches.</summary>
    public ConfidentErrors Found(long samples, int maximum)
    {
        var found = _suspects.SelectMany(some => ErrorsAmong(_kind, some.Places, some.Scores, some.Targets)).ToList();
        return new ConfidentErrors
        {
            Source = source,
            SampleCount = samples,
            ErrorCount = found.Count,
            Errors = [.. found.OrderByDescending(error => error.Probability).ThenBy(error => error.Index).Take(maximum)],
        };
    }

    /// <summary>The samples of a batch that may be errors: with several classes those whose highest score is not their
    /// label's, with one column all, since what is a yes depends on what its numbers are.</summary>
    private static (Tensor Places, Tensor Scores, Tensor Targets) Suspects(Tensor scores, Tensor targets, long first)
    {
        using var scope = NewDisposeScope();
        long classes = Math.Max(2, scores.size(1));
        TargetValues.CheckLabels(nameof(ConfidentErrors), targets, classes, ignoreIndex: null);
        var rows = scores.size(1) == 1 ? Arithmetic.Arange(scores.size(0)) : scores.argmax(1).ne(targets).nonzero().flatten();
        return (
            (rows + first).MoveToOuterDisposeScope().MoveToOuterDisposeScope(),
            scores.index_select(0, rows).MoveToOuterDisposeScope().MoveToOuterDisposeScope(),
            targets.index_select(0, rows).MoveToOuterDisposeScope().MoveToOuterDisposeScope()
        );
    }

    private static List<ClassificationError> ErrorsAmong(OutputKind kind, Tensor places, Tensor scores, Tensor targets)
    {
        using var scope = NewDisposeScope();
        if (scores.size(0) == 0)
        {
            return [];
        }

        var all = kind.Probabilities(scores);
        var (probabilities, predicted) = (all.size(1) == 1 ? cat([1 - all, all], 1) : all).max(1);
        long[] indices = places.data<long>().ToArray(),
            classes = predicted.data<long>().ToArray(),
            actual = targets.to_type(ScalarType.Int64).data<long>().ToArray();
        double[] confidences = probabilities.data<double>().ToArray();
        return
        [
            .. Enumerable
                .Range(0, actual.Length)
                .Where(i => classes[i] != actual[i])
                .Select(i => new ClassificationError
                {
                    Index = indices[i],
                    Actual = (int)actual[i],
                    Predicted = (int)classes[i],
                    Probability = (float)confidences[i],
                }),
        ];
    }
}
