using System.Globalization;
using ScottPlot;
using VisionSeqModels.Drawing;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>Draws how a model's weights, or their gradients, are distributed: a panel for each parameter.</summary>
public static class ParameterHistograms
{
    private const int Bins = 60;
    private const int PanelWidth = 330;
    private const int PanelHeight = 230;

    /// <summary>Draws the weights.</summary>
    /// <param name="model">The model; it is not changed.</param>
    /// <exception cref="ArgumentException">The model has no parameter.</exception>
    public static Picture OfWeights(nn.Module model)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var scope = NewDisposeScope();
        return Draw(
            [.. model.named_parameters().Select(entry => (entry.name, Numbers(entry.parameter)))],
            "The model has no parameter."
        );
    }

    /// <summary>Draws the gradients that the parameters hold, for example in
    /// <see cref="Callback.OnBeforeOptimizerStep"/>.</summary>
    /// <param name="model">The model; it is not changed.</param>
    /// <exception cref="ArgumentException">No parameter has a gradient.</exception>
    public static Picture OfGradients(nn.Module model)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var scope = NewDisposeScope();
        return Draw(
            [
                .. model
                    .named_parameters()
                    .Select(entry => (entry.name, Gradient: entry.parameter.grad))
                    .Where(entry => entry.Gradient is not null)
                    .Select(entry => (entry.name, Numbers(entry.Gradient!))),
            ],
            "No parameter holds a gradient: call it after backward, for example in OnBeforeOptimizerStep."
        );
    }

    private static double[] Numbers(Tensor values) =>
        [.. TensorNumbers.Doubles(values.detach().flatten()).Where(double.IsFinite)];

    private static Picture Draw(List<(string Name, double[] Values)> parameters, string missing)
    {
        if (parameters.Count == 0)
        {
            throw new ArgumentException(missing);
        }

        SkiaRuntime.EnsureAvailable();
        return Picture.Tiled(
            [.. parameters.Select(parameter => Panel(parameter.Name, parameter.Values))],
            columns: Math.Min(4, parameters.Count)
        );
    }

    private static Picture Panel(string name, double[] values)
    {
        var plot = new Plot();
        plot.Font.Set(SkiaRuntime.FontFamily);
        double largest = Math.Max(values.Select(Math.Abs).DefaultIfEmpty(0).Max(), 1e-30),
            width = 2 * largest / Bins;
        var counts = new int[Bins];
        foreach (double value in values)
        {
            counts[Math.Min(Bins - 1, (int)((value + largest) / width))]++;
        }

        var bars = plot.Add.Bars(counts.Select((_, i) => -largest + ((i + 0.5) * width)), counts.Select(count => (double)count));
        foreach (var bar in bars.Bars)
        {
            bar.Size = width;
            bar.LineWidth = 0;
            bar.FillColor = ChartStyle.Colors[5];
        }

        double mean = values.Length == 0 ? 0 : values.Average();
        double deviation = Math.Sqrt(values.Select(value => (value - mean) * (value - mean)).DefaultIfEmpty(0).Average());
        plot.Title(string.Create(CultureInfo.InvariantCulture, $"{name} ({values.Length:n0})"), size: 13);
        plot.XLabel($"mean {ColorBar.Text(mean)}, deviation {ColorBar.Text(deviation)}", size: 11);
        plot.Axes.Margins(bottom: 0);
        return ChartStyle.Render(plot, PanelWidth, PanelHeight);
    }
}
