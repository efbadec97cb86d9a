using System.Text.Json;
using VisionSeqModels.Core;
using VisionSeqModels.Data;
using VisionSeqModels.Drawing;
using VisionSeqModels.Models;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>How strongly the loss depends on each step of the input, and on each hidden state: gradients that vanish or
/// explode on their way back through time, made visible.</summary>
/// <remarks>For each sample on its own the Euclidean norm of the gradient of its own loss, then the mean over samples (the
/// norm of a batch's mean gradient is another, smaller number). Pascanu, Mikolov and Bengio, "On the difficulty of training
/// recurrent neural networks" (2013).</remarks>
public sealed record GradientFlow
{
    /// <summary>The name of the data.</summary>
    public required string Source { get; init; }

    /// <summary>How many samples were taken.</summary>
    public required int SampleCount { get; init; }

    /// <summary>The mean norm of the loss's gradient with respect to the input at each step.</summary>
    public required IReadOnlyList<double> InputNorms { get; init; }

    /// <summary>The mean norm of the loss's gradient with respect to the last layer's forward hidden state after each
    /// step.</summary>
    public required IReadOnlyList<double> StateNorms { get; init; }

    /// <summary>Measures over the first samples of a data set.</summary>
    /// <param name="model">The model, on any device; weights, gradients and modes stay as they are. Dropout is off.</param>
    /// <param name="data">The data, with labels <c>[batch]</c>, int64.</param>
    /// <param name="sampleCount">How many samples; default 256, at least 1. Fewer are taken where there are fewer.</param>
    /// <param name="cancellationToken">Looked at between batches.</param>
    /// <exception cref="ShapeMismatchException">The data does not fit the model.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static GradientFlow Measure(
        RecurrentClassifier model,
        IBatchSource data,
        int sampleCount = 256,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfLessThan(sampleCount, 1);
        double[]? inputs = null,
            states = null;
        int samples = 0;
        var request = new BatchRequest { BatchSize = Math.Min(64, sampleCount), Device = ModelDevice.Of(model) };
        BatchLoop.While(
            data,
            request,
            batch =>
            {
                var (ofInputs, ofStates) = Norms(model, batch);
                inputs = Sum(inputs, ofInputs);
                states = Sum(states, ofStates);
                samples += batch.Count;
                return samples < sampleCount;
            },
            cancellationToken
        );
        if (samples == 0)
        {
            throw new ArgumentException($"The data '{data.Name}' gave no batch, so there is nothing to measure.", nameof(data));
        }

        return new GradientFlow
        {
            Source = data.Name,
            SampleCount = samples,
            InputNorms = [.. inputs!.Select(sum => sum / samples)],
            StateNorms = [.. states!.Select(sum => sum / samples)],
        };
    }

    /// <summary>Draws the input's norms of several models over the steps, on a logarithmic axis.</summary>
    /// <param name="models">What was measured, by the models' names; at least one.</param>
    /// <param name="title">The line above; default a plain one.</param>
    public static Picture Chart(
        IReadOnlyDictionary<string, GradientFlow> models,
        string title = "Gradient of the loss with respect to the input at each step"
    )
    {
        ArgumentNullException.ThrowIfNull(models);
        return LineChart.Draw(
            [
                .. models.Select(model => new LineSeries
                {
                    Name = model.Key,
                    X = [.. Enumerable.Range(1, model.Value.InputNorms.Count).Select(step => (double)step)],
                    Y = model.Value.InputNorms,
                }),
            ],
            new LineChartOptions
            {
                Title = title,
                XTitle = "step",
                YTitle = "mean norm",
                LogarithmicY = true,
            }
        );
    }

    /// <summary>Writes all numbers as JSON, whole or not at all.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SaveJson(string path) =>
        AtomicFile.WriteAllText(path, JsonSerializer.Serialize(this, JsonFormat.Indented) + "\n");

    /// <summary>Sums over the batch's samples of the norms at each step.</summary>
    private static (double[] Inputs, double[] States) Norms(RecurrentClassifier model, Batch batch)
    {
        using var gradients = enable_grad();
        var sequence = model.Sequence(batch.Inputs).detach().clone().requires_grad_();
        var (layers, outputs, final) = RecurrentReplay.Run(model, sequence);
        var loss = nn.functional.cross_entropy(model.Head(outputs, final), batch.Targets, reduction: nn.Reduction.Sum);
        var states = layers[^(model.Options.Bidirectional ? 2 : 1)].Select(step => step.Hidden).ToList();
        var all = autograd.grad([loss], [sequence, .. states], allow_unused: true);
        var stateNorms = all.Skip(1).Select(gradient => gradient is null ? zeros(1) : gradient.norm(1).sum().reshape(1).cpu());
        return (TensorNumbers.Doubles(all[0].norm(2).sum([0L])), TensorNumbers.Doubles(cat([.. stateNorms])));
    }

    private static double[] Sum(double[]? sums, double[] values) =>
        sums is null ? values : [.. sums.Zip(values, (sum, value) => sum + value)];
}
