using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using VisionSeqModels.Core;
using VisionSeqModels.Data;
using VisionSeqModels.Drawing;
using VisionSeqModels.Models;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>What layers of a model give over a whole data set: means, standard deviations, distributions, zeros, dead
/// channels.</summary>
/// <remarks>One pass, batch by batch, in evaluation mode and without gradients; memory does not grow with the data. Sums
/// are in float64 and merged exactly but for rounding (Chan, Golub and LeVeque 1979). The bins of histograms are a power
/// of two wide, so their counts do not depend on the order or the size of batches. Only modules that the model runs with
/// <c>call</c> can be seen. Of sequences of several lengths the steps after the end do not count.</remarks>
public sealed record ActivationStatistics
{
    private static readonly JsonSerializerOptions Format = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = JsonTypes.Resolver,
    };

    /// <summary>The name of the data.</summary>
    public required string Source { get; init; }

    /// <summary>How many samples it had.</summary>
    public required long SampleCount { get; init; }

    /// <summary>The layers, in the order of the model.</summary>
    public required IReadOnlyList<LayerStatistics> Layers { get; init; }

    /// <summary>Runs a data set through a model, once, and gathers the statistics.</summary>
    /// <param name="model">The model, on any device; its modes, hooks, gradients and weights are afterwards as before.</param>
    /// <param name="data">The data; each sample is used once, in stored order.</param>
    /// <param name="options">Which layers, batch size; null for the defaults.</param>
    /// <param name="cancellationToken">Checked between batches.</param>
    /// <returns>Plain numbers: nothing to dispose.</returns>
    /// <exception cref="ArgumentException">A layer's name is unknown, the model has no two-dimensional convolution and no
    /// layer was named, or the data gave no batch.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static ActivationStatistics Measure(
        nn.Module<Tensor, Tensor> model,
        IBatchSource data,
        ActivationStatisticsOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        options ??= new ActivationStatisticsOptions();
        options.Validate();
        ProbedLayers.Check(model, options.Layers);
        var totals = new List<LayerTotals>();
        var counted = new CountedSteps();
        using var probe = new ModelProbe(model);
        long samples = ViewPass.ForEach(
            model,
            data,
            options,
            (batch, first) =>
            {
                if (first == 0)
                {
                    Watch(model, batch, options, probe, totals, counted);
                }

                counted.Begin(batch);
                probe.Run(batch.Inputs, batch.Lengths);
            },
            cancellationToken
        );
        return new ActivationStatistics
        {
            Source = data.Name,
            SampleCount = samples,
            Layers = [.. totals.Select(total => total.Build())],
        };
    }

    /// <summary>Finds the layers in a pass of the first sample.</summary>
    private static void Watch(
        nn.Module<Tensor, Tensor> model,
        Batch batch,
        ActivationStatisticsOptions options,
        ModelProbe probe,
        List<LayerTotals> totals,
        CountedSteps counted
    )
    {
        using var scope = NewDisposeScope();
        var first = batch.First(1);
        using var trace = ForwardTrace.Run(model, first.Inputs, call: input => SequenceCall.Of(model, input, first.Lengths));
        foreach (var layer in ProbedLayers.Choose(trace, options.Layers))
        {
            var total = new LayerTotals(layer.Name, layer.Title, options.MaximumBinCount);
            totals.Add(total);
            probe.Watch(
                layer.Name,
                output => total.Add(layer.IsImageLine ? output.unsqueeze(3) : counted.Of(layer.Name, output))
            );
        }
    }

    /// <summary>Draws two panels for each layer: the distribution of all its values, and each channel's mean with its
    /// standard deviation.</summary>
    public Picture Draw()
    {
        SkiaRuntime.EnsureAvailable();
        return new ActivationChart(this).Draw();
    }

    /// <summary>Writes <see cref="ToJson"/> to a file, whole or not at all.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => ResultFile.Save(path, this, Format);

    /// <summary>The numbers as JSON, with the names of these properties in snake_case; not-a-number is the text
    /// "NaN".</summary>
    public string ToJson() => JsonFormat.Serialize(this, Format) + "\n";

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <param name="json">The text.</param>
    /// <exception cref="JsonException">The text holds no such statistics.</exception>
    public static ActivationStatistics FromJson(string json)
    {
        var statistics =
            JsonSerializer.Deserialize(json, (JsonTypeInfo<ActivationStatistics>)Format.GetTypeInfo(typeof(ActivationStatistics)))
            ?? throw new JsonException("The text must hold activation statistics, but is null. Give what ToJson wrote.");
        return statistics.Layers.All(layer => layer?.Channels.Contains(null!) == false)
            ? statistics
            : throw new JsonException("A layer or a channel of the activation statistics is null.");
    }
}
