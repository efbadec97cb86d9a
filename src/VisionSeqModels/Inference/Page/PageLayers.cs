using System.Text.Json.Nodes;
using VisionSeqModels.Models;
using static TorchSharp.torch;

namespace VisionSeqModels.Inference;

/// <summary>Writes a model as the layers that the page's script computes; network.js has the same kinds.</summary>
/// <remarks>A layer with a title is shown.</remarks>
internal sealed class PageLayers(PageWeights weights)
{
    /// <exception cref="NotSupportedException">The model is of another kind.</exception>
    public JsonArray Of(nn.Module model) =>
        model switch
        {
            LeNet lenet => new JsonArray([.. LeNet(lenet.Options)]),
            Mlp mlp => new JsonArray([.. Mlp(mlp.Options)]),
            ResNet resnet => new JsonArray([.. new PageResidualLayers(weights).Of(resnet.Options)]),
            RecurrentClassifier recurrent => new JsonArray([.. new PageRecurrentLayers(weights).Of(recurrent)]),
            _ => throw new NotSupportedException(
                $"SavePage writes models of LeNet, Mlp, ResNet, RNN, LSTM and GRU, but received a {model.GetType().Name}. Export "
                    + "it with SaveOnnx, or build one of these."
            ),
        };

    private IEnumerable<JsonNode> LeNet(LeNetOptions options)
    {
        foreach (int stage in new[] { 1, 2 })
        {
            yield return Convolution(weights.Add($"conv{stage}.weight"), weights.Add($"conv{stage}.bias"));
            yield return Activation(options.Activation, $"conv{stage}");
            yield return Pooling(options.Pooling, 2, 2, 0, $"pool{stage}");
        }

        yield return new JsonObject { ["kind"] = "flatten" };
        foreach (int stage in new[] { 1, 2 })
        {
            yield return Linear(weights, $"fc{stage}");
            yield return Activation(options.Activation, $"fc{stage}");
        }

        yield return Linear(weights, "fc3");
    }

    private IEnumerable<JsonNode> Mlp(MlpOptions options)
    {
        yield return new JsonObject { ["kind"] = "flatten" };
        for (int i = 1; i <= options.HiddenSizes.Count; i++)
        {
            yield return Linear(weights, $"fc{i}");
            yield return Activation(options.Activation, $"fc{i}");
        }

        yield return Linear(weights, $"fc{options.HiddenSizes.Count + 1}");
    }

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
