using VisionSeqModels.Core;
using VisionSeqModels.Drawing;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>How a model's weights, or their gradients, are distributed, parameter by parameter.</summary>
public sealed record ParameterHistograms
{
    private const int PanelWidth = 330;
    private const int PanelHeight = 230;
    private const int MostRows = 40;

    /// <summary>The parameters, in the order of the model.</summary>
    public required IReadOnlyList<ParameterHistogram> Parameters { get; init; }

    /// <summary>Counts the weights or, for example in <see cref="Callback.OnBeforeOptimizerStep"/>, the gradients that the
    /// parameters hold.</summary>
    /// <param name="model">The model, on any device; it is not changed.</param>
    /// <param name="options">Weights or gradients, how many bins; null for the defaults.</param>
    /// <exception cref="ArgumentException">The model has no parameter, or none with a gradient.</exception>
    public static ParameterHistograms Measure(nn.Module model, ParameterHistogramsOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        options ??= new ParameterHistogramsOptions();
        options.Validate();
        using var scope = NewDisposeScope();
        var histograms = model
            .named_parameters()
            .Select(entry => (entry.name, Values: options.Gradients ? entry.parameter.grad : entry.parameter))
            .Where(entry => entry.Values is not null)
            .Select(entry => ParameterHistogram.Of(entry.name, TensorNumbers.Doubles(entry.Values!), options.BinCount))
            .ToList();
        if (histograms.Count == 0)
        {
            throw new ArgumentException(
                options.Gradients
                    ? "No parameter holds a gradient: measure after backward, for example in OnBeforeOptimizerStep."
                    : $"The model {model.GetName()} has no parameter, so there is nothing to measure. Give a model with weights."
            );
        }

        return new ParameterHistograms { Parameters = histograms };
    }

    /// <summary>Draws a panel for each parameter. Of more than there is room for, those with NaN or infinite values are drawn,
    /// then those with the largest magnitudes.</summary>
    public Picture Draw() => Draw(PictureLimit.Default);

    internal Picture Draw(PictureLimit limit)
    {
        SkiaRuntime.EnsureAvailable();
        int columns = Parameters.Count <= 4 * MostRows ? 4 : (Parameters.Count + MostRows - 1) / MostRows;
        var (rows, fit) = limit.Table((MostRows, PanelHeight, 60), (columns, PanelWidth, 0));
        var shown = Parameters;
        if (shown.Count > rows * fit)
        {
            var worst = shown
                .OrderByDescending(parameter => parameter.Severity.NotFinite)
                .ThenByDescending(parameter => parameter.Severity.Largest)
                .ToList();
            shown = worst;
        }

        return ChartSheet.Draw(
            [.. shown.Select(parameter => parameter.Panel())],
            PanelWidth,
            PanelHeight,
            Math.Min(fit, Parameters.Count),
            "parameters",
            limit
        );
    }

    /// <summary>Writes all numbers as JSON, whole or not at all.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => ResultFile.Save(path, this, JsonFormat.Compact);
}
