using TorchSharp.Modules;
using VisionSeqModels.Torch;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.utils.rnn;

namespace VisionSeqModels.Models;

/// <summary>libtorch's recurrent modules behind one signature.</summary>
internal static class RecurrentLayers
{
    public static nn.Module Create(RecurrentCell cell, RecurrentOptions o)
    {
        var function = o.Nonlinearity == ActivationFunction.ReLU ? nn.NonLinearities.ReLU : nn.NonLinearities.Tanh;
        return cell switch
        {
            RecurrentCell.Rnn => nn.RNN(
                o.InputSize,
                o.HiddenSize,
                o.LayerCount,
                function,
                batchFirst: true,
                dropout: o.Dropout,
                bidirectional: o.Bidirectional
            ),
            RecurrentCell.Lstm => nn.LSTM(
                o.InputSize,
                o.HiddenSize,
                o.LayerCount,
                batchFirst: true,
                dropout: o.Dropout,
                bidirectional: o.Bidirectional
            ),
            _ => nn.GRU(
                o.InputSize,
                o.HiddenSize,
                o.LayerCount,
                batchFirst: true,
                dropout: o.Dropout,
                bidirectional: o.Bidirectional
            ),
        };
    }

    /// <summary>Outputs of the last layer <c>[batch, time, directions × hidden]</c> and final states
    /// <c>[layers × directions, batch, hidden]</c>.</summary>
    public static (Tensor Outputs, Tensor Final) Run(nn.Module layers, Tensor sequence)
    {
        switch (layers)
        {
            case LSTM lstm:
                var (outputs, final, _) = lstm.call(sequence);
                return (outputs, final);
            case GRU gru:
                return gru.call(sequence);
            default:
                return ((RNN)layers).call(sequence);
        }
    }

    /// <summary>The same for sequences of several lengths (on the CPU, int64, each at least 1); outputs after a sequence's
    /// end are 0, and its final state is that of its own last step.</summary>
    public static (Tensor Outputs, Tensor Final) Run(nn.Module layers, Tensor sequence, Tensor lengths)
    {
        Tensor final = null!;
        var outputs = ModuleHooks.Around(
            layers,
            sequence,
            input =>
            {
                (var given, final) = RunPacked(layers, input, lengths);
                return given;
            }
        );
        return (outputs, final);
    }

    private static (Tensor Outputs, Tensor Final) RunPacked(nn.Module layers, Tensor sequence, Tensor lengths)
    {
        var packed = pack_padded_sequence(sequence, lengths, batch_first: true, enforce_sorted: false);
        PackedSequence outputs;
        Tensor final;
        switch (layers)
        {
            case LSTM lstm:
                (outputs, final, _) = lstm.call(packed);
                break;
            case GRU gru:
                (outputs, final) = gru.call(packed);
                break;
            default:
                (outputs, final) = ((RNN)layers).call(packed);
                break;
        }

        var (whole, _) = pad_packed_sequence(outputs, batch_first: true, total_length: sequence.size(1));
        return (whole, final);
    }
}
