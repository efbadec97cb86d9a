using System.Text.Json.Nodes;
using TorchSharp;
using TorchSharp.Modules;
using VisionSeqModels.Kernels;
using static TorchSharp.torch;

namespace VisionSeqModels.Inference;

/// <summary>Writes an <c>nn.Sequential</c> of common layers, nested as one likes, as the layers of a page.</summary>
internal sealed class PageSequentialLayers(PageWeights weights)
{
    /// <exception cref="NotSupportedException">A layer is of another kind, or has a setting that the page's script
    /// lacks.</exception>
    public IEnumerable<JsonNode> Of(Sequential model, string prefix = "") =>
        model.named_children().SelectMany(child => Layers(child.module, prefix + child.name));

    private IEnumerable<JsonNode> Layers(nn.Module module, string name) =>
        module switch
        {
            Sequential inner when inner.GetType() == typeof(Sequential) => Of(inner, name + "."),
            Dropout or Dropout1d or Dropout2d or Identity => [],
            Flatten flatten when flatten.start_dim == 1 && flatten.end_dim == -1 => [new JsonObject { ["kind"] = "flatten" }],
            Linear linear => [Linear(linear)],
            Conv2d conv => [Convolution(conv, name)],
            BatchNorm2d { running_mean: not null } norm => [Scale(norm)],
            ReLU => [Activation("relu", name, "ReLU")],
            Tanh => [Activation("tanh", name, "tanh")],
            Sigmoid => [Activation("sigmoid", name, "sigmoid")],
            MaxPool2x2 => [PageLayer.Pooling(PoolingMode.Max, 2, 2, 0, name)],
            MaxPool2d pool when !pool.ceil_mode && IsOne(pool.dilation) =>
            [
                Pooling(PoolingMode.Max, pool.kernel_size, pool.stride, pool.padding, name),
            ],
            AvgPool2d { ceil_mode: false, count_include_pad: true, divisor_override: null or 0 } pool =>
            [
                Pooling(PoolingMode.Average, pool.kernel_size, pool.stride, pool.padding, name),
            ],
            AdaptiveAvgPool2d pool when IsOne(pool.output_size) => [new JsonObject { ["kind"] = "globalMean", ["title"] = name }],
            _ => throw Unknown(module, name),
        };

    private JsonObject Linear(Linear linear) =>
        new()
        {
            ["kind"] = "linear",
            ["weight"] = weights.Add(linear.weight!),
            ["bias"] = linear.bias is null ? null : weights.Add(linear.bias),
        };

    private JsonObject Convolution(Conv2d conv, string name) =>
        conv.groups == 1 && IsOne(conv.dilation) && conv.padding is not null && conv.padding_mode == PaddingModes.Zeros
            ? PageLayer.Convolution(
                weights.Add(conv.weight),
                conv.bias is null ? null : weights.Add(conv.bias),
                One(conv.stride, name),
                One(conv.padding, name)
            )
            : throw Unknown(conv, name);

    /// <summary>A batch normalisation with its fixed statistics: each map times a number, plus a number.</summary>
    private JsonObject Scale(BatchNorm2d norm)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var scale = 1 / (norm.running_var!.to_type(ScalarType.Float64) + norm.eps).sqrt();
        scale = norm.weight is null ? scale : scale * norm.weight;
        var offset = -norm.running_mean! * scale;
        return new()
        {
            ["kind"] = "scale",
            ["scale"] = weights.Add(scale),
            ["offset"] = weights.Add(norm.bias is null ? offset : offset + norm.bias),
        };
    }

    private static JsonObject Activation(string function, string name, string title) =>
        new()
        {
            ["kind"] = "activation",
            ["function"] = function,
            ["title"] = $"{name}: {title}",
        };

    private static JsonObject Pooling(PoolingMode mode, long[] size, long[]? stride, long[]? padding, string name) =>
        PageLayer.Pooling(mode, One(size, name), One(stride ?? size, name), One(padding ?? [0], name), name);

    private static bool IsOne(long[]? values) => values is null || values.All(value => value == 1);

    /// <summary>The page's windows are square.</summary>
    private static int One(long[] values, string name) =>
        values.Distinct().Count() == 1
            ? (int)values[0]
            : throw new NotSupportedException(
                $"SavePage writes square windows, strides and paddings, but layer '{name}' has {string.Join('×', values)}. "
                    + "Export the model with SaveOnnx."
            );

    private static NotSupportedException Unknown(nn.Module module, string name) =>
        new(
            $"SavePage cannot write layer '{name}', a {module.GetName()} with these settings. Of an nn.Sequential it "
                + "writes Conv2d (one group, no dilation, zeros as padding), BatchNorm2d, Linear, ReLU, Tanh, Sigmoid, "
                + "MaxPool2d, AvgPool2d, AdaptiveAvgPool2d to 1×1, Flatten and Dropout. Export it with SaveOnnx."
        );
}
