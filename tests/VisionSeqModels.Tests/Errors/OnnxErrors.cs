using VisionSeqModels.Inference;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace VisionSeqModels.Tests.Errors;

/// <summary>Reproductions of what can go wrong with an ONNX export, by the ids of docs/errors.</summary>
internal static class OnnxErrors
{
    public static IEnumerable<(string Id, Action<TempFolder> Cause)> All =>
        [
            ("onnx-module", folder => Save(folder, By(null), [6])),
            ("onnx-differs", folder => Save(folder, By((_, input) => input), [6])),
            ("onnx-dtype", folder => Save(folder, Sequential(Linear(6, 6, dtype: ScalarType.Float64)), [6])),
            ("onnx-large", folder => OnnxExport.Save(Sequential(Linear(6, 6)), folder["a.onnx"], Sample([6]), largestFile: 99)),
            ("onnx-input", folder => Save(folder, Sequential(Linear(6, 6)), [5])),
            ("onnx-operator", folder => Save(folder, By((graph, input) => graph.Add("Sin", [input])), [6])),
            ("onnx-attribute", folder => Save(folder, By((graph, input) => graph.Add("Relu", [input], ("alpha", 1))), [6])),
            (
                "onnx-attribute-type",
                folder => Save(folder, By((graph, input) => graph.Add("Relu", [input], ("alpha", DateTime.MinValue))), [6])
            ),
            ("onnx-node", folder => Save(folder, By((graph, input) => graph.Add("Gemm", [input, input])), [6])),
            ("onnx-size", folder => Save(folder, By((graph, input) => graph.Add(GLU(1), input)), [6, 3])),
            ("onnx-reshape", folder => Save(folder, By((graph, input) => graph.Add(Unflatten(0, [-1, 1]), input)), [6, 3])),
            (
                "onnx-batch",
                folder => Sequential(Conv2d(1, 1, 1)).SaveOnnx(folder["a.onnx"], Sample([6, 6]) with { DynamicBatch = false })
            ),
            ("onnx-statistics", folder => Save(folder, Sequential(BatchNorm1d(6, track_running_stats: false)), [6])),
            ("onnx-recurrent", folder => Save(folder, By((graph, input) => graph.AddRecurrent(ReLU(), input).Final), [6])),
            ("onnx-constant", folder => Save(folder, By((graph, _) => graph.Constant(zeros(1, dtype: ScalarType.Float16))), [6])),
            ("onnx-cast", folder => Save(folder, By((graph, input) => graph.Add("Cast", [input], ("to", 16))), [6])),
            (
                "onnx-class-names",
                folder => Sequential(Linear(6, 3)).SaveOnnx(folder["a.onnx"], Sample([6]) with { ClassNames = ["cat", "dog"] })
            ),
            ("onnx-options", folder => VisionModels.LeNet().SaveOnnx(folder["a.onnx"], new OnnxOptions { Lengths = true })),
        ];

    private static OnnxOptions Sample(long[] shape) => new() { InputShape = shape };

    private static void Save(TempFolder folder, Module<Tensor, Tensor> model, long[] sample) =>
        model.SaveOnnx(folder["a.onnx"], Sample(sample));

    private static Module<Tensor, Tensor> By(Func<OnnxGraph, OnnxValue, OnnxValue>? convert) =>
        convert is null ? new Unknown() : new Converted(convert);

    private class Unknown() : Module<Tensor, Tensor>("own"), ISequenceModel
    {
        public override Tensor forward(Tensor input) => input + 1;

        public Tensor forward(Tensor input, Tensor lengths) => forward(input);
    }

    private sealed class Converted(Func<OnnxGraph, OnnxValue, OnnxValue> convert) : Unknown, IOnnxConvertible
    {
        public OnnxValue ToOnnx(OnnxGraph graph, OnnxValue input) => convert(graph, input);
    }
}
