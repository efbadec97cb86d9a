using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Inference;

/// <summary>Operators that take each element by itself, and the softmax.</summary>
internal static class ElementwiseOperators
{
    public static IEnumerable<(string Name, SingleOperator Compute)> All =>
        [
            .. Plain,
            .. Arithmetic,
            .. Activations,
            ("Cast", (a, x) => x.Needed(0).to_type(OnnxTypes.Of(a.Int("to"))).alias()),
            ("Clip", (_, x) => Clip(x.Needed(0), x.ElementAtOrDefault(1), x.ElementAtOrDefault(2))),
            ("Identity", (_, x) => x.Needed(0).alias()),
            ("LogSoftmax", (a, x) => nn.functional.log_softmax(x.Needed(0), a.Int("axis", -1))),
            ("Softmax", (a, x) => nn.functional.softmax(x.Needed(0), a.Int("axis", -1))),
            ("Where", (_, x) => where(x.Needed(0), x.Needed(1), x.Needed(2))),
        ];

    private static IEnumerable<(string, SingleOperator)> Plain =>
        new (string Name, Func<Tensor, Tensor> Compute)[]
        {
            ("Abs", x => x.abs()),
            ("Erf", x => x.erf()),
            ("Exp", x => x.exp()),
            ("Log", x => x.log()),
            ("Neg", x => x.neg()),
            ("Not", x => x.logical_not()),
            ("Reciprocal", x => x.reciprocal()),
            ("Relu", x => x.relu()),
            ("Sigmoid", x => x.sigmoid()),
            ("Softplus", x => x.softplus(1, 20)),
            ("Softsign", x => x / (1 + x.abs())),
            ("Sqrt", x => x.sqrt()),
            ("Tanh", x => x.tanh()),
        }.Select(entry => (entry.Name, (SingleOperator)((_, x) => entry.Compute(x.Needed(0)))));

    private static IEnumerable<(string, SingleOperator)> Arithmetic =>
        new (string Name, Func<Tensor, Tensor, Tensor> Compute)[]
        {
            ("Add", (x, y) => x + y),
            ("Div", (x, y) => x.is_floating_point() ? x / y : x.div(y, RoundingMode.trunc)),
            ("Equal", (x, y) => x.eq(y)),
            ("Greater", (x, y) => x.gt(y)),
            ("Less", (x, y) => x.lt(y)),
            ("Max", (x, y) => x.maximum(y)),
            ("Min", (x, y) => x.minimum(y)),
            ("Mul", (x, y) => x * y),
            ("PRelu", (x, slope) => where(x.lt(Scalars.Zero), x * slope, x)),
            ("Pow", (x, y) => x.pow(y)),
            ("Sub", (x, y) => x - y),
        }.Select(entry =>
            (
                entry.Name,
                (SingleOperator)(
                    (_, x) =>
                        x.Length == 2
                            ? entry.Compute(x.Needed(0), Same(x.Needed(0), x.Needed(1)))
                            : throw OperatorInputs.Unfit($"it takes two inputs, but received {x.Length}")
                )
            )
        );

    private static IEnumerable<(string, SingleOperator)> Activations =>
        [
            ("Celu", (a, x) => x.Needed(0).celu(Scalars.Of(a.Number("alpha", 1)))),
            ("Elu", (a, x) => x.Needed(0).elu(a.Number("alpha", 1))),
            (
                "HardSigmoid",
                (a, x) => (x.Needed(0) * a.Number("alpha", 0.2) + a.Number("beta", 0.5)).clamp(Scalars.Zero, Scalars.One)
            ),
            ("LeakyRelu", (a, x) => x.Needed(0).leaky_relu(Scalars.Of(a.Number("alpha", 0.01)))),
            ("Selu", (_, x) => x.Needed(0).selu()),
            ("Shrink", (a, x) => Shrink(x.Needed(0), a.Number("lambd", 0.5), a.Number("bias", 0))),
        ];

    /// <summary>ONNX converts no dtype by itself.</summary>
    private static Tensor Same(Tensor x, Tensor y) =>
        x.dtype == y.dtype ? y : throw OperatorInputs.Unfit($"its inputs have two dtypes, {x.dtype} and {y.dtype}");

    private static Tensor Clip(Tensor x, Tensor? minimum, Tensor? maximum)
    {
        var above = minimum is null ? x.alias() : x.maximum(minimum);
        return maximum is null ? above : above.minimum(maximum);
    }

    private static Tensor Shrink(Tensor x, double lambda, double bias) =>
        where(x.lt(Scalars.Of(-lambda)), x + bias, where(x.gt(Scalars.Of(lambda)), x - bias, zeros_like(x)));
}
