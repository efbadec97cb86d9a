using TorchSharp.Modules;
using VisionSeqModels.Core;
using VisionSeqModels.Drawing;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>The root mean square of each filter's weights. Zeiler and Fergus (2013) found that a few strong filters of the
/// first layer can dominate all others, and scaled those above 0.1 back to it.</summary>
public sealed record FilterStrength
{
    /// <summary>For each two-dimensional convolution, by name, the root mean square of each filter, in order.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<double>> Layers { get; init; }

    /// <summary>Measures every two-dimensional convolution of a model.</summary>
    /// <param name="model">The model; it is not changed.</param>
    public static FilterStrength Measure(nn.Module model)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var scope = NewDisposeScope();
        return new FilterStrength
        {
            Layers = model
                .named_modules()
                .Where(entry => entry.module is Conv2d)
                .ToDictionary(
                    entry => entry.name,
                    entry =>
                        (IReadOnlyList<double>)
                            TensorNumbers.Doubles(((Conv2d)entry.module).weight!.detach().square().mean([1, 2, 3]).sqrt()),
                    StringComparer.Ordinal
                ),
        };
    }

    /// <summary>Scales back, in place, the filters of a convolution that are stronger than a limit.</summary>
    /// <param name="convolution">The convolution.</param>
    /// <param name="limit">The largest root mean square; default 0.1, above 0.</param>
    /// <returns>How many filters were scaled.</returns>
    public static int Limit(Conv2d convolution, double limit = 0.1)
    {
        ArgumentNullException.ThrowIfNull(convolution);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        var strength = convolution.weight!.square().mean([1, 2, 3], keepdim: true).sqrt();
        convolution.weight!.mul_((limit / strength.clamp(min: Scalars.Of(1e-30))).clamp(max: Scalars.One));
        return (int)strength.gt(Scalars.Of(limit)).sum().item<long>();
    }

    /// <summary>Draws a line for each convolution: the strength of its filters, in order.</summary>
    /// <exception cref="ArgumentException">The model has no two-dimensional convolution.</exception>
    public Picture Draw() =>
        LineChart.Draw(
            [
                .. Layers.Select(layer => new LineSeries
                {
                    Name = layer.Key,
                    X = [.. Enumerable.Range(0, layer.Value.Count).Select(filter => (double)filter)],
                    Y = layer.Value,
                }),
            ],
            new LineChartOptions
            {
                Title = "Strength of filters",
                XTitle = "filter",
                YTitle = "root mean square of its weights",
            }
        );

    /// <summary>Writes all numbers as JSON, whole or not at all.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => ResultFile.Save(path, this, JsonFormat.Compact);
}
