using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>Moves a square over one image and records what the model gives.</summary>
internal sealed class OcclusionRun
{
    private readonly nn.Module<Tensor, Tensor> _model;
    private readonly Tensor _image;
    private readonly OcclusionSensitivityOptions _options;
    private readonly string _layer;

    public OcclusionRun(nn.Module<Tensor, Tensor> model, Tensor image, OcclusionSensitivityOptions options)
    {
        _model = model;
        _image = image;
        _options = options;
        _layer = options.Layer is null ? ClassActivationMaps.LastMapLayer(model, image) : NameOf(model, image, options.Layer);
    }

    private int Height => (int)_image.size(2);

    private int Width => (int)_image.size(3);

    public OcclusionSensitivity Run(CancellationToken cancellationToken)
    {
        using var probe = new ModelProbe(_model);
        Tensor? maps = null;
        probe.Watch(_layer, output => maps = output.dim() == 4 ? output.flatten(2).clone().DetachFromDisposeScope() : null);
        var clean = probe.Call(_image);
        long watched = _options.Objective is not null ? -1 : _options.Target ?? ClassOf(clean);
        double score = Values(clean, watched)[0];
        if (maps is null)
        {
            throw new ArgumentException(
                $"The layer '{_layer}' gives no feature maps [batch, channels, height, width]. Name a convolution."
            );
        }

        int strongest = (int)maps.amax([2]).argmax(1).item<long>();
        maps.Dispose();
        int rows = Count(Height),
            columns = Count(Width);
        var (probabilities, activations, predictions, falls) = (
            Table(rows, columns),
            Table(rows, columns),
            Table(rows, columns),
            Table(Height, Width)
        );
        var hidden = Table(Height, Width);
        var outputs = new List<Tensor>();
        List<double> objectives = [score];
        if (clean.dim() == 2)
        {
            outputs.Add(clean.cpu());
        }

        foreach (var chunk in Enumerable.Range(0, rows * columns).Chunk(_options.BatchSize))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var scores = probe.Call(Occluded(chunk, columns));
            double[] sums = TensorNumbers.Doubles(maps!.select(1, strongest).sum(1)),
                values = Values(scores, watched);
            if (scores.dim() == 2)
            {
                outputs.Add(scores.detach().cpu().alias().MoveToOuterDisposeScope());
            }

            objectives.AddRange(values);
            maps!.Dispose();
            for (int i = 0; i < chunk.Length; i++)
            {
                (int row, int column) = (chunk[i] / columns, chunk[i] % columns);
                activations[row][column] = sums[i];
                Spread(falls, hidden, row * _options.Stride, column * _options.Stride, score - values[i]);
            }
        }

        // what the outputs are is judged from all of them
        using var all = outputs.Count == 0 ? null : OutputScores.Probabilities(cat(outputs));
        double[] p = watched < 0 ? [.. objectives] : TensorNumbers.Doubles(all!.select(1, watched)),
            classes = all is null
                ? [.. Enumerable.Repeat(double.NaN, p.Length)]
                : TensorNumbers.Doubles(all.size(1) == 1 ? all.select(1, 0).ge(Scalars.Half) : all.argmax(1));
        for (int i = 0; i < rows * columns; i++)
        {
            (probabilities[i / columns][i % columns], predictions[i / columns][i % columns]) = (p[i + 1], classes[i + 1]);
        }

        return new OcclusionSensitivity
        {
            Target = watched,
            Layer = _layer,
            StrongestMap = strongest,
            Size = _options.Size,
            Stride = _options.Stride,
            Probability = p[0],
            Probabilities = probabilities,
            MapActivations = activations,
            Predictions = predictions,
            PixelImportance =
            [
                .. falls.Select(
                    (row, y) => row.Select((sum, x) => hidden[y][x] == 0 ? double.NaN : sum / hidden[y][x]).ToArray()
                ),
            ],
        };
    }

    /// <exception cref="ArgumentException">The model has no such layer, or does not run it.</exception>
    private static string NameOf(nn.Module<Tensor, Tensor> model, Tensor image, string layer)
    {
        using var scope = NewDisposeScope();
        using var trace = ForwardTrace.OfOutputs(model, image);
        return trace.Find(layer).Name;
    }

    /// <summary>The class of the image as it is.</summary>
    /// <exception cref="ArgumentException">The outputs are no class scores.</exception>
    private static long ClassOf(Tensor clean)
    {
        _ = OutputScores.Select(clean, [0]);
        return clean.argmax(1).item<long>();
    }

    /// <summary>The target's scores, or the objective.</summary>
    private double[] Values(Tensor outputs, long watched) =>
        TensorNumbers.Doubles(
            _options.Objective is null
                ? OutputScores.Select(outputs, [.. Enumerable.Repeat(watched, (int)outputs.size(0))])
                : OutputScores.Objective(_options.Objective, outputs)
        );

    /// <summary>Places along an axis: every stride, and one more where the last whole square leaves a rest.</summary>
    private int Count(int size) => Math.Max(0, (int)Math.Ceiling((double)(size - _options.Size) / _options.Stride)) + 1;

    private Tensor Occluded(int[] places, int columns)
    {
        var images = _image.repeat(places.Length, 1, 1, 1);
        for (int i = 0; i < places.Length; i++)
        {
            (int top, int left) = (places[i] / columns * _options.Stride, places[i] % columns * _options.Stride);
            images[i]
                .narrow(1, top, Math.Min(_options.Size, Height - top))
                .narrow(2, left, Math.Min(_options.Size, Width - left))
                .fill_(Scalars.Of(_options.Fill));
        }

        return images;
    }

    private void Spread(double[][] falls, double[][] hidden, int top, int left, double fall)
    {
        for (int y = top; y < Math.Min(Height, top + _options.Size); y++)
        {
            for (int x = left; x < Math.Min(Width, left + _options.Size); x++)
            {
                falls[y][x] += fall;
                hidden[y][x]++;
            }
        }
    }

    private static double[][] Table(int rows, int columns) => [.. Enumerable.Range(0, rows).Select(_ => new double[columns])];
}
