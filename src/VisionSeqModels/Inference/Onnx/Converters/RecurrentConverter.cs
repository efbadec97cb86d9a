using VisionSeqModels.Models;
using static TorchSharp.torch;

namespace VisionSeqModels.Inference;

/// <summary>A <see cref="RecurrentClassifier"/>: images cut into sequences, the layers, the readout and the last linear
/// layer.</summary>
internal sealed class RecurrentConverter(RecurrentClassifier model, OnnxGraph graph)
{
    private RecurrentOptions Options => model.Options;

    public OnnxValue Convert(OnnxValue input)
    {
        var sequence = input.Shape.Count == 4 ? Cut(input) : input;
        var lengths =
            graph.Lengths ?? (Options.PaddingValue is double padding ? SequenceSteps.Lengths(graph, sequence, padding) : null);
        var (outputs, final) = graph.AddRecurrent(model.Layers, sequence, true, Options.Nonlinearity, lengths);
        var states = Options.Readout switch
        {
            SequenceReadout.Last => Last(final),
            SequenceReadout.Mean => Mean(outputs, lengths),
            SequenceReadout.EachStep => lengths is null ? outputs : SequenceSteps.Masked(graph, outputs, lengths, 0),
            _ => Maximum(outputs, lengths),
        };
        return graph.Add(model.named_children().Single(child => child.name == "fc").module, states);
    }

    /// <summary>The final state of the last layer, of both directions side by side.</summary>
    private OnnxValue Last(OnnxValue final)
    {
        OnnxValue Of(long index) => graph.Add("Gather", [final, graph.Constant(tensor(index))], ("axis", 0));
        long count = final.Size(0, graph.Place);
        return Options.Bidirectional ? graph.Add("Concat", [Of(count - 2), Of(count - 1)], ("axis", 1)) : Of(count - 1);
    }

    private OnnxValue Mean(OnnxValue outputs, OnnxValue? lengths)
    {
        if (lengths is null)
        {
            return Reduction.Of(graph, "ReduceMean", outputs, 1, keepsDimension: false);
        }

        var sum = Reduction.Of(graph, "ReduceSum", SequenceSteps.Masked(graph, outputs, lengths, 0), 1, keepsDimension: false);
        var count = graph.Add("Cast", [lengths], ("to", OnnxTypes.Of(ScalarType.Float32)));
        return graph.Add("Div", [sum, graph.Add("Unsqueeze", [count, graph.Integers(1)])]);
    }

    private OnnxValue Maximum(OnnxValue outputs, OnnxValue? lengths)
    {
        var counted = lengths is null ? outputs : SequenceSteps.Masked(graph, outputs, lengths, double.NegativeInfinity);
        return Reduction.Of(graph, "ReduceMax", counted, 1, keepsDimension: false);
    }

    /// <summary>Images <c>[batch, channels, height, width]</c> as sequences.</summary>
    private OnnxValue Cut(OnnxValue images)
    {
        OnnxValue Turned(OnnxValue value, params long[] order) => graph.Add("Transpose", [value], ("perm", order));
        switch (Options.Sequence)
        {
            case ImageSequence.Rows:
                return LayerConverters.Flat(graph, Turned(images, 0, 2, 1, 3), 2);
            case ImageSequence.Columns:
                return LayerConverters.Flat(graph, Turned(images, 0, 3, 1, 2), 2);
            case ImageSequence.Pixels:
                return LayerConverters.Flat(graph, Turned(images, 0, 2, 3, 1), 1, 2);
            default:
                long side = Options.PatchSize;
                var (height, width) = (images.Size(2, graph.Place), images.Size(3, graph.Place));
                var blocks = LayerConverters.Reshape(graph, images, 0, 0, height / side, side, width / side, side);
                var patches = LayerConverters.Flat(graph, Turned(blocks, 0, 2, 4, 1, 3, 5), 3);
                return LayerConverters.Flat(graph, patches, 1, 2);
        }
    }
}
