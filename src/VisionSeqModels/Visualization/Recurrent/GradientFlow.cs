using VisionSeqModels.Core;
using VisionSeqModels.Data;
using VisionSeqModels.Drawing;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>How strongly the loss depends on each step of the input and on each hidden state. It shows gradients that vanish
/// or explode through time.</summary>
/// <remarks>The Euclidean norm is taken of each sample's gradient of its own loss; then the norms are averaged. (The norm of
/// a batch's mean gradient is another, smaller number.) Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent
/// neural networks" (2013). It holds plain numbers: there is nothing to dispose.</remarks>
public sealed record GradientFlow
{
    private const string DefaultTitle = "Gradient of the loss with respect to each step";

    /// <summary>The name of the data.</summary>
    public required string Source { get; init; }

    /// <summary>How many samples were measured.</summary>
    public required int SampleCount { get; init; }

    /// <summary>The mean norm of the loss's gradient with respect to the input at each step, over the samples that have
    /// it.</summary>
    public required IReadOnlyList<double> InputNorms { get; init; }

    /// <summary>The mean norm of the loss's gradient with respect to the last layer's forward hidden state after each
    /// step, over the samples that have it.</summary>
    public required IReadOnlyList<double> StateNorms { get; init; }

    /// <summary>Measures over the first samples of a data set, with cross-entropy as the loss.</summary>
    /// <param name="model">The model; it runs on its own device, in evaluation mode. Weights, gradients and modes stay as
    /// they are.</param>
    /// <param name="data">The data, with labels <c>[batch]</c>, int64.</param>
    /// <param name="options">How many samples; null for the defaults.</param>
    /// <param name="cancellationToken">Checked between batches.</param>
    /// <exception cref="InvalidOptionsException">Options out of range.</exception>
    /// <exception cref="ArgumentException">The data has no sample.</exception>
    /// <exception cref="ShapeMismatchException">The data does not fit the model.</exception>
    /// <exception cref="InvalidOperationException">The scores do not depend on the states that the model returned.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static GradientFlow Measure<TModel>(
        TModel model,
        IBatchSource data,
        GradientFlowOptions? options = null,
        CancellationToken cancellationToken = default
    )
        where TModel : nn.Module<Tensor, Tensor>, IRecurrentModel
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        options ??= new GradientFlowOptions();
        options.Validate();
        ClassOutput.Require(model, nameof(GradientFlow));
        using var modes = ModuleModes.Evaluating(model);
        var sums = new GradientNormSums(model);
        var request = new BatchRequest
        {
            BatchSize = Math.Min(options.BatchSize, options.SampleCount),
            Device = ModelDevice.Of(model),
        };
        BatchLoop.While(
            data,
            request,
            batch =>
            {
                sums.Add(batch, options.SampleCount - sums.SampleCount);
                return sums.SampleCount < options.SampleCount;
            },
            cancellationToken
        );
        if (sums.SampleCount == 0)
        {
            throw new ArgumentException($"The data '{data.Name}' gave no batch, so there is nothing to measure.", nameof(data));
        }

        return new GradientFlow
        {
            Source = data.Name,
            SampleCount = sums.SampleCount,
            InputNorms = sums.InputMeans,
            StateNorms = sums.StateMeans,
        };
    }

    /// <summary>Draws the input's norms of several models over the steps, on a logarithmic axis.</summary>
    /// <param name="models">What was measured, by the models' names; at least one.</param>
    /// <param name="title">The title; null for a plain one.</param>
    public static Picture Draw(IReadOnlyDictionary<string, GradientFlow> models, string? title = null)
    {
        ArgumentNullException.ThrowIfNull(models);
        return Draw(
            models.Select(model => Series(model.Key, model.Value.InputNorms)),
            title ?? "Gradient of the loss with respect to the input at each step"
        );
    }

    /// <summary>Draws the norms of the input and of the hidden state over the steps, on a logarithmic axis.</summary>
    /// <param name="title">The title; null for a plain one.</param>
    public Picture Draw(string? title = null) =>
        Draw([Series("input", InputNorms), Series("hidden state", StateNorms)], title ?? DefaultTitle);

    /// <summary>Writes all numbers as JSON, whole or not at all.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => ResultFile.Save(path, this, JsonFormat.Indented);

    private static LineSeries Series(string name, IReadOnlyList<double> norms) =>
        new()
        {
            Name = name,
            X = [.. Enumerable.Range(1, norms.Count).Select(step => (double)step)],
            Y = norms,
        };

    private static Picture Draw(IEnumerable<LineSeries> series, string title) =>
        LineChart.Draw(
            [.. series],
            new LineChartOptions
            {
                Title = title,
                XTitle = "step",
                YTitle = "mean norm",
                LogarithmicY = true,
            }
        );
}
