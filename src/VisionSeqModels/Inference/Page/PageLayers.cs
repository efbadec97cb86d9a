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
            RecurrentClassifier { Options.Readout: SequenceReadout.EachStep } => throw new NotSupportedException(
                "SavePage shows one answer for an image, but this model has the Readout EachStep, which gives one for each step. "
                    + "Choose another readout, or export it with SaveOnnx."
            ),
            RecurrentClassifier recurrent => new JsonArray([.. Recurrent(recurrent)]),
            _ => throw new NotSupportedException(
                $"SavePage writes models of LeNet, RNN, LSTM and GRU, but received a {model.GetType().Name}. Export it with "
                    + "SaveOnnx, or build one of these."
            ),
        };

    private IEnumerable<JsonNode> LeNet(LeNetOptions options)
    {
        foreach (int stage in new[] { 1, 2 })
        {
            yield return Convolution($"conv{stage}");
            yield return Activation(options.Activation, $"conv{stage}");
            yield return new JsonObject
            {
                ["kind"] = "pool",
                ["size"] = 2,
                ["mode"] = options.Pooling == PoolingMode.Max ? "max" : "mean",
                ["title"] = $"pool{stage}",
            };
        }

        yield return new JsonObject { ["kind"] = "flatten" };
        foreach (int stage in new[] { 1, 2 })
        {
            yield return Linear($"fc{stage}");
            yield return Activation(options.Activation, $"fc{stage}");
        }

        yield return Linear("fc3");
    }

    private IEnumerable<JsonNode> Recurrent(RecurrentClassifier model)
    {
        var options = model.Options;
        yield return new JsonObject
        {
            ["kind"] = "sequence",
            ["order"] = options.Sequence.ToString().ToLowerInvariant(),
            ["patch"] = options.PatchSize,
            ["padding"] = options.PaddingValue,
        };
        for (int layer = 0; layer < options.LayerCount; layer++)
        {
            yield return Recurrent(model, layer);
        }

        yield return new JsonObject
        {
            ["kind"] = "readout",
            ["mode"] = options.Readout.ToString().ToLowerInvariant(),
            ["units"] = options.HiddenSize,
        };
        yield return Linear("fc");
    }

    private JsonObject Recurrent(RecurrentClassifier model, int layer)
    {
        var directions = new[] { $"l{layer}", $"l{layer}_reverse" }.Where(suffix => weights.Has($"rnn.weight_hh_{suffix}"));
        string name = model.Cell.ToString().ToUpperInvariant();
        return new JsonObject
        {
            ["kind"] = "recurrent",
            ["cell"] = model.Cell.ToString().ToLowerInvariant(),
            ["function"] = NameOf(model.Options.Nonlinearity),
            ["units"] = model.Options.HiddenSize,
            ["directions"] = new JsonArray([
                .. directions.Select(suffix =>
                    (JsonNode)
                        new JsonObject
                        {
                            ["inputWeight"] = weights.Add($"rnn.weight_ih_{suffix}"),
                            ["stateWeight"] = weights.Add($"rnn.weight_hh_{suffix}"),
                            ["inputBias"] = weights.AddIfThere($"rnn.bias_ih_{suffix}"),
                            ["stateBias"] = weights.AddIfThere($"rnn.bias_hh_{suffix}"),
                        }
                ),
            ]),
            ["title"] = model.Options.LayerCount == 1 ? $"{name}, hidden state" : $"{name} {layer + 1}, hidden state",
        };
    }

    private JsonObject Convolution(string name) =>
        new()
        {
            ["kind"] = "conv",
            ["stride"] = 1,
            ["padding"] = 0,
            ["weight"] = weights.Add($"{name}.weight"),
            ["bias"] = weights.AddIfThere($"{name}.bias"),
        };

    private JsonObject Linear(string name) =>
        new()
        {
            ["kind"] = "linear",
            ["weight"] = weights.Add($"{name}.weight"),
            ["bias"] = weights.AddIfThere($"{name}.bias"),
        };

    /// <summary>The function after a layer; the page shows what it gives under the layer's name.</summary>
    private static JsonObject Activation(ActivationFunction function, string layer) =>
        new()
        {
            ["kind"] = "activation",
            ["function"] = NameOf(function),
            ["title"] = $"{layer} + {(function == ActivationFunction.ReLU ? "ReLU" : "tanh")}",
        };

    private static string NameOf(ActivationFunction function) => function == ActivationFunction.ReLU ? "relu" : "tanh";
}
