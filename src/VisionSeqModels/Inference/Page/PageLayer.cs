using System.Text.Json.Nodes;

namespace VisionSeqModels.Inference;

/// <summary>The layers of a page, as network.js reads them.</summary>
internal static class PageLayer
{
    public static JsonObject Convolution(JsonObject weight, JsonObject? bias, int stride = 1, int padding = 0) =>
        new()
        {
            ["kind"] = "conv",
            ["stride"] = stride,
            ["padding"] = padding,
            ["weight"] = weight,
            ["bias"] = bias,
        };

    public static JsonObject Pooling(PoolingMode mode, int size, int stride, int padding, string title) =>
        new()
        {
            ["kind"] = "pool",
            ["size"] = size,
            ["stride"] = stride,
            ["padding"] = padding,
            ["mode"] = mode == PoolingMode.Max ? "max" : "mean",
            ["title"] = title,
        };

    public static JsonObject Linear(PageWeights weights, string name) =>
        new()
        {
            ["kind"] = "linear",
            ["weight"] = weights.Add($"{name}.weight"),
            ["bias"] = weights.AddIfThere($"{name}.bias"),
        };

    /// <summary>The function after a layer; the page shows what it gives under the layer's name.</summary>
    public static JsonObject Activation(ActivationFunction function, string? layer) =>
        new()
        {
            ["kind"] = "activation",
            ["function"] = NameOf(function),
            ["title"] = layer is null ? null : $"{layer} + {(function == ActivationFunction.ReLU ? "ReLU" : "tanh")}",
        };

    public static string NameOf(ActivationFunction function) => function == ActivationFunction.ReLU ? "relu" : "tanh";
}
