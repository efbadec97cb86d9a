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
        _layer = options.Layer ?? ClassActivationMaps.LastMapLayer(model, image);
    }

    private int Height => (int)_image.size(2);

    private int Width => (int)_image.size(3);

    public OcclusionSensitivity Run(CancellationToken cancellationToken)
    {
        using var probe = new ModelProbe(_model);
        Tensor? maps = null;
        probe.Watch(_layer, output => maps = output.dim() == 4 ? output.flatten(2).clone().DetachFromDisposeScope() : null);
        var clean = probe.Call(_image);
        long watched = _options.Target ?? clean.argmax(1).item<long>();
        double score = OutputScores.Select(clean, [watched]).to_type(ScalarType.Float64).item<double>();
        if (maps is null)
        {
            throw new ArgumentException($"The layer '{_layer}' gives no feature maps [batch, channels, height, width].");
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
        var outputs = new List<Tensor> { clean.cpu() };
        foreach (var chunk in Enumerable.Range(0, rows * columns).Chunk(_options.BatchSize))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var scores = probe.Call(Occluded(chunk, columns)).cpu();
            outputs.Add(scores.alias().MoveToOuterDisposeScope());
            double[] sums = TensorNumbers.Doubles(maps!.select(1, strongest).sum(1)),
                classes = TensorNumbers.Doubles(scores.argmax(1)),
                values = TensorNumbers.Doubles(scores.select(1, watched));
            maps!.Dispose();
            for (int i = 0; i < chunk.Length; i++)
            {
                (int row, int column) = (chunk[i] / columns, chunk[i] % columns);
                (activations[row][column], predictions[row][column]) = (sums[i], classes[i]);
                Spread(falls, hidden, row * _options.Stride, column * _options.Stride, score - values[i]);
            }
        }

        double[] p = TensorNumbers.Doubles(OutputScores.Probabilities(cat(outputs)).select(1, watched));
        for (int i = 0; i < rows * columns; i++)
        {
            probabilities[i / columns][i % columns] = p[i + 1];
        }

        return new OcclusionSensitivity
        {
            Target = watched,
            Layer = _layer,
            StrongestMap = strongest,
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
                .fill_(_options.Fill);
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
