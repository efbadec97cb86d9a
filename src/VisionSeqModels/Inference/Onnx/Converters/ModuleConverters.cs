using static TorchSharp.torch;

namespace VisionSeqModels.Inference;

/// <summary>Finds the converter of a module: the user's, the module's own, or one of the library's.</summary>
internal sealed class ModuleConverters(IReadOnlyDictionary<Type, OnnxConverter> own)
{
    /// <exception cref="NotSupportedException">There is none.</exception>
    public OnnxValue Convert(nn.Module module, OnnxGraph graph, OnnxValue input) =>
        own.TryGetValue(module.GetType(), out var converter) ? converter(module, graph, input)
        : module is IOnnxConvertible convertible ? convertible.ToOnnx(graph, input)
        : ModelConverters.Convert(module, graph, input)
            ?? LayerConverters.Convert(module, graph, input)
            ?? ActivationConverters.Convert(module, graph, input)
            ?? ConvolutionConverters.Convert(module, graph, input)
            ?? PoolingConverters.Convert(module, graph, input)
            ?? NormalizationConverters.Convert(module, graph, input)
            ?? PaddingConverters.Convert(module, graph, input)
            ?? throw NotKnown(module, graph);

    private static NotSupportedException NotKnown(nn.Module module, OnnxGraph graph) =>
        new(
            $"SaveOnnx cannot export {graph.Place} of type {module.GetType().Name}: it cannot see what its forward computes. "
                + "Implement IOnnxConvertible in the type, or give a function for it in OnnxOptions.Converters."
        );
}
