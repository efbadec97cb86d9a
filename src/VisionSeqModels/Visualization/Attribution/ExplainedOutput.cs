using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>Images with the maps that explain them, and what the model says when the images change.</summary>
internal sealed class ExplainedOutput
{
    private readonly nn.Module<Tensor, Tensor> _model;
    private readonly Func<Tensor, Tensor>? _objective;
    private readonly OutputKind _outputs = new();

    /// <exception cref="ArgumentException">The maps are not those of the images.</exception>
    public ExplainedOutput(
        nn.Module<Tensor, Tensor> model,
        Tensor images,
        IReadOnlyList<AttributionMap> maps,
        Func<Tensor, Tensor>? objective
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(maps);
        _model = model;
        _objective = objective;
        if (
            images.dim() != 4
            || images.size(0) == 0
            || images.size(0) != maps.Count
            || !images.is_floating_point()
            || maps.Any(map => map.Shape[1] != images.size(2) || map.Shape[2] != images.size(3))
        )
        {
            throw new ShapeMismatchException(
                "Maps are compared on the images that they explain, [maps, channels, height, width] of a floating dtype, but "
                    + $"there are {maps.Count} maps {SizesOf(maps)} and "
                    + $"{images.dtype} images {Shape.Of(images)}."
            );
        }

        if (objective is null && maps.FirstOrDefault(map => map.Target < 0) is not null)
        {
            throw new ArgumentException(
                "The maps explain an objective, not a class: give the same Objective in the options.",
                nameof(maps)
            );
        }
    }

    /// <summary>One image as the model takes it, <c>[1, channels, height, width]</c>.</summary>
    public Tensor Image(Tensor images, int index) => ModelInput.Of(_model, images.narrow(0, index, 1));

    /// <summary>The raw scores of a class, or the objective, for each of some images.</summary>
    public double[] Scores(Tensor inputs, long target) =>
        Values(inputs, outputs => OutputScores.Select(outputs, [.. Enumerable.Repeat(target, (int)outputs.size(0))]));

    /// <summary>The probabilities of a class, or the objective, for each of some images: to be asked for when the model gave
    /// all its outputs, because what they are is judged from all of them.</summary>
    public Func<double[]> Probabilities(Tensor inputs, long target)
    {
        double[][] readings = [];
        long columns = 0;
        double[] values = Values(
            inputs,
            outputs =>
            {
                var selected = OutputScores.Select(outputs, [.. Enumerable.Repeat(target, (int)outputs.size(0))]);
                _outputs.See(outputs);
                columns = outputs.size(1);
                readings = [.. OutputKind.Readings(outputs).Select(reading => TensorNumbers.Doubles(reading.select(1, target)))];
                return selected;
            }
        );
        return () => readings.Length == 0 ? values : readings[_outputs.ReadingOf(columns)];
    }

    private static string SizesOf(IReadOnlyList<AttributionMap> maps) =>
        maps.Count == 0 ? "" : Shape.Of([.. maps[0].Shape.Select(size => (long)size)]);

    private double[] Values(Tensor inputs, Func<Tensor, Tensor> ofClass)
    {
        using var scope = NewDisposeScope();
        using var probe = new ModelProbe(_model);
        var outputs = probe.Call(inputs);
        return TensorNumbers.Doubles(_objective is null ? ofClass(outputs) : OutputScores.Objective(_objective, outputs));
    }
}
