using System.Text.Json.Nodes;
using VisionSeqModels.Models;

namespace VisionSeqModels.Inference;

/// <summary>Writes a recurrent model as the layers of a page.</summary>
internal sealed class PageRecurrentLayers(PageWeights weights)
{
    /// <exception cref="NotSupportedException">The model answers at each step.</exception>
    public IEnumerable<JsonNode> Of(RecurrentClassifier model)
    {
        if (model.Options.Readout == SequenceReadout.EachStep)
        {
            throw new NotSupportedException(
                "SavePage shows one answer for an image, but this model has the Readout EachStep, which gives one for each step. "
                    + "Choose another readout, or export it with SaveOnnx."
            );
        }

        return Layers(model);
    }

    private IEnumerable<JsonNode> Layers(RecurrentClassifier model)
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
        yield return PageLayer.Linear(weights, "fc");
    }

    private JsonObject Recurrent(RecurrentClassifier model, int layer)
    {
        var directions = new[] { $"l{layer}", $"l{layer}_reverse" }.Where(suffix => weights.Has($"rnn.weight_hh_{suffix}"));
        string name = model.Cell.ToString().ToUpperInvariant();
        return new JsonObject
        {
            ["kind"] = "recurrent",
            ["cell"] = model.Cell.ToString().ToLowerInvariant(),
            ["function"] = PageLayer.NameOf(model.Options.Nonlinearity),
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
}
