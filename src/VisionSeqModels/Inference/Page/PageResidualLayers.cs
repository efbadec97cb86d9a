using System.Text.Json.Nodes;

namespace VisionSeqModels.Inference;

/// <summary>Writes a ResNet as the layers of a page; a batch normalisation becomes part of the convolution before it.</summary>
internal sealed class PageResidualLayers(PageWeights weights)
{
    public IEnumerable<JsonNode> Of(ResNetOptions options)
    {
        bool isLarge = options.Stem == ResNetStem.Large;
        yield return isLarge ? Convolution("conv1", "bn1", 2, 3) : Convolution("conv1", "bn1", 1, 1);
        yield return PageLayer.Activation(ActivationFunction.ReLU, "conv1");
        if (isLarge)
        {
            yield return PageLayer.Pooling(PoolingMode.Max, 3, 2, 1, "maxpool");
        }

        int channels = options.Widths[0];
        for (int stage = 0; stage < options.Widths.Count; stage++)
        {
            for (int block = 0; block < options.BlockCounts[stage]; block++)
            {
                string name = $"layer{stage + 1}.{block}";
                yield return Block(name, channels, options.Widths[stage], stage > 0 && block == 0 ? 2 : 1);
                yield return PageLayer.Activation(ActivationFunction.ReLU, name);
                channels = options.Widths[stage];
            }
        }

        yield return new JsonObject { ["kind"] = "globalMean", ["title"] = "mean of each map" };
        yield return PageLayer.Linear(weights, "fc");
    }

    private JsonObject Block(string name, int inputs, int outputs, int stride) =>
        new()
        {
            ["kind"] = "residual",
            ["layers"] = new JsonArray(
                Convolution($"{name}.conv1", $"{name}.bn1", stride, 1),
                PageLayer.Activation(ActivationFunction.ReLU, null),
                Convolution($"{name}.conv2", $"{name}.bn2", 1, 1)
            ),
            ["shortcut"] =
                stride == 1 && inputs == outputs ? new JsonArray()
                : weights.Has($"{name}.downsample.0.weight")
                    ? new JsonArray(Convolution($"{name}.downsample.0", $"{name}.downsample.1", stride, 0))
                : new JsonArray(Padded(inputs, outputs, stride)),
        };

    private static JsonObject Padded(int inputs, int outputs, int stride) =>
        new()
        {
            ["kind"] = "padded",
            ["stride"] = stride,
            ["before"] = (outputs - inputs) / 2,
            ["behind"] = outputs - inputs - ((outputs - inputs) / 2),
        };

    private JsonObject Convolution(string convolution, string norm, int stride, int padding)
    {
        var (weight, bias) = weights.AddNormalized(convolution, norm);
        return PageLayer.Convolution(weight, bias, stride, padding);
    }
}
