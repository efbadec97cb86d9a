using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>One call of <see cref="Attribution.GradientShap"/>.</summary>
internal sealed class GradientShapRun
{
    private readonly AttributionBatches _batches;
    private readonly GradientShapOptions _options;
    private readonly CancellationToken _cancellationToken;
    private long _done;

    public GradientShapRun(
        nn.Module<Tensor, Tensor> model,
        Tensor images,
        GradientShapOptions options,
        CancellationToken cancellationToken
    )
    {
        _batches = new AttributionBatches(model, images, options, cancellationToken);
        _options = options;
        _cancellationToken = cancellationToken;
        if (
            options.Baselines is Tensor baselines
            && (baselines.dim() != 4 || baselines.size(0) == 0 || !baselines.shape.Skip(1).SequenceEqual(images.shape.Skip(1)))
        )
        {
            throw new ShapeMismatchException(
                "The baselines must be images of the shape of those that are explained, "
                    + $"[count, {string.Join(", ", images.shape.Skip(1))}], but have {Shape.Of(baselines)}."
            );
        }
    }

    public IReadOnlyList<AttributionMap> Run() => _batches.Map(Maps);

    private IEnumerable<AttributionMap> Maps(Tensor batch, long[] targets)
    {
        var generators = targets.Select((_, i) => SampleGenerator.Of(_options.Seed, _done + i)).ToList();
        _done += batch.size(0);
        var deviation = (batch.amax([1, 2, 3], keepdim: true) - batch.amin([1, 2, 3], keepdim: true)) * _options.Noise;
        var sum = zeros_like(batch);
        double[] begin = new double[targets.Length];
        for (int copy = 0; copy < _options.CopyCount; copy++)
        {
            _cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var (baseline, place, noise) = Draw(generators, batch);
            var rise = batch + (noise * deviation) - baseline;
            sum.add_(_batches.Gradient(ReluRule.Gradient, baseline + (rise * place), targets).Values * rise);
            double[] scores = _batches.Scores(baseline, targets);
            begin = [.. begin.Select((total, i) => total + (scores[i] / _options.CopyCount))];
        }

        generators.ForEach(generator => generator.Dispose());
        double[] end = _batches.Scores(batch, targets);
        var values = sum / _options.CopyCount;
        double[] sums = TensorNumbers.Doubles(values.sum([1, 2, 3]));
        return AttributionMap
            .Of("GradientSHAP", values, targets, end)
            .Select((map, i) => map with { ConvergenceDelta = sums[i] - (end[i] - begin[i]) })
            .ToList();
    }

    /// <summary>For each image a baseline, a place on the line, and noise of deviation 1; the same in float32 and
    /// float64.</summary>
    private (Tensor Baseline, Tensor Place, Tensor Noise) Draw(List<Generator> generators, Tensor batch)
    {
        var baselines = new List<Tensor>();
        var places = new List<Tensor>();
        var noises = new List<Tensor>();
        foreach (var generator in generators)
        {
            var two = rand(2, dtype: ScalarType.Float64, generator: generator);
            baselines.Add(BaselineAt(two[0].item<double>(), batch));
            places.Add(two[1]);
            noises.Add(randn(batch.shape[1..], dtype: ScalarType.Float64, generator: generator));
        }

        Tensor Whole(List<Tensor> parts) => stack(parts).to_type(batch.dtype).to(batch.device);
        return (Whole(baselines), Whole(places).reshape(-1, 1, 1, 1), Whole(noises));
    }

    private Tensor BaselineAt(double draw, Tensor batch) =>
        _options.Baselines is Tensor baselines
            ? baselines[(long)(draw * baselines.size(0))].detach().cpu().to_type(batch.dtype)
            : zeros(batch.shape[1..], dtype: batch.dtype);
}
