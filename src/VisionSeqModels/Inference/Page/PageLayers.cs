using System.Text.Json.Nodes;
using TorchSharp.Modules;
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
            Sequential chain when chain.GetType() == typeof(Sequential) => new JsonArray([
                .. new PageSequentialLayers(weights).Of(chain),
            ]),
            RecurrentClassifier recurrent => new JsonArray([.. new PageRecurrentLayers(weights).Of(recurrent)]),
            _ => throw new NotSupportedException(
                $"SavePage writes models of LeNet, Mlp, ResNet, RNN, LSTM and GRU, and nn.Sequential, but received a "
                    + $"{model.GetType().Name}. Export it with SaveOnnx, or build one of these."
            ),
        };

    private IEnumerable<JsonNode> LeNet(LeNetOptions options)
    {
        foreach (int stage in new[] { 1, 2 })
        {
            yield return PageLayer.Convolution(weights.Add($"conv{stage}.weight"), weights.Add($"conv{stage}.bias"));
            yield return PageLayer.Activation(options.Activation, $"conv{stage}");
            yield return PageLayer.Pooling(options.Pooling, 2, 2, 0, $"pool{stage}");
        }

        yield return new JsonObject { ["kind"] = "flatten" };
        foreach (int stage in new[] { 1, 2 })
        {
            yield return PageLayer.Linear(weights, $"fc{stage}");
            yield return PageLayer.Activation(options.Activation, $"fc{stage}");
        }

        yield return PageLayer.Linear(weights, "fc3");
    }

    private IEnumerable<JsonNode> Mlp(MlpOptions options)
    {
        yield return new JsonObject { ["kind"] = "flatten" };
        for (int i = 1; i <= options.HiddenSizes.Count; i++)
        {
            yield return PageLayer.Linear(weights, $"fc{i}");
            yield return PageLayer.Activation(options.Activation, $"fc{i}");
        }

        yield return PageLayer.Linear(weights, $"fc{options.HiddenSizes.Count + 1}");
    }
}
