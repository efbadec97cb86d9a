using System.Globalization;
using VisionSeqModels.Core;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Inference;

/// <summary>Makes the graph of a model, compares it with the model, and writes it.</summary>
internal static class OnnxExport
{
    /// <summary>A message of Protocol Buffers, which an ONNX file is, ends here.</summary>
    public const long LargestFile = int.MaxValue;

    public static void Save(nn.Module<Tensor, Tensor> model, string path, OnnxOptions options, long largestFile = LargestFile)
    {
        options.Validate();
        Disposal.ThrowIfDisposed(model);
        using var modes = ModuleModes.Evaluating(model);
        using var normal = inference_mode(false);
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        RequireWeights(model, largestFile);
        var inputs = OnnxInputs.Of(model, options);
        var expected = OnnxComparison.Run(model, inputs);
        var file = Graph(model, options, inputs, expected);
        long size = file.Size();
        if (size > largestFile)
        {
            throw TooLarge(size, largestFile);
        }

        AtomicFile.Write(path, file.WriteTo);
    }

    private static ProtoMessage Graph(
        nn.Module<Tensor, Tensor> model,
        OnnxOptions options,
        OnnxInputs inputs,
        IReadOnlyList<Tensor> expected
    )
    {
        var graph = new OnnxGraph(model, options.Opset, new ModuleConverters(options.Converters).Convert);
        var named = new OnnxEndNames(graph, inputs, model);
        var raw = graph.AddInput(OnnxEndNames.Input, inputs.Raw);
        graph.Lengths = inputs.Lengths is null ? null : graph.AddInput(OnnxEndNames.Lengths, inputs.Lengths);
        var scores = graph.Add(model, OnnxEnds.Begin(graph, inputs, raw));
        OnnxComparison.Check(model, expected, scores);
        var output = OnnxEnds.End(graph, inputs, scores, named.AreLabels);
        var metadata = OnnxMetadata.Of(inputs, Names(options, model, output));
        OnnxValue[] taken = graph.Lengths is null ? [raw] : [raw, graph.Lengths];
        return OnnxFile.Of(graph, inputs, model, taken, named.Give(output), metadata);
    }

    /// <summary>The names of the outputs. Those of the data are left out where the model does not say that it gives classes,
    /// and they do not fit: an autoencoder learns from the same images.</summary>
    private static IReadOnlyList<string>? Names(OnnxOptions options, nn.Module model, OnnxValue output)
    {
        long? outputs = output.Shape[OnnxEnds.ClassDimension(output)];
        if (options.ClassNames is null || options.ClassNames.Count == outputs)
        {
            return options.ClassNames;
        }

        return options.HasNamesOfData && model is not IConfiguredModel
            ? null
            : throw new InvalidOptionsException(
                nameof(OnnxOptions),
                [
                    $"{nameof(OnnxOptions.ClassNames)} must be null or {outputs} names, one for each output, but is "
                        + $"{options.ClassNames.Count}.",
                ]
            );
    }

    private static void RequireWeights(nn.Module model, long largestFile)
    {
        var tensors = model
            .named_parameters()
            .Select(entry => (entry.name, Tensor: (Tensor)entry.parameter))
            .Concat(model.named_buffers().Select(entry => (entry.name, Tensor: entry.buffer)))
            .ToList();
        var other = tensors.Find(entry => entry.Tensor.is_floating_point() && entry.Tensor.dtype != ScalarType.Float32);
        if (other.Tensor is not null)
        {
            throw new NotSupportedException(
                $"ONNX files are written of float32 models, but '{other.name}' is {other.Tensor.dtype}. Convert the model: "
                    + "model.to(ScalarType.Float32)."
            );
        }

        long bytes = tensors.Sum(entry => entry.Tensor.numel() * entry.Tensor.element_size());
        if (bytes > largestFile)
        {
            throw TooLarge(bytes, largestFile);
        }
    }

    private static NotSupportedException TooLarge(long bytes, long largestFile) =>
        new(
            $"An ONNX file ends at {Text(largestFile)} bytes, but this model's weights have {Text(bytes)}. Export a smaller "
                + "model, or a part of it."
        );

    private static string Text(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
