using VisionSeqModels.Data;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Models;

/// <summary>Calls a model on the inputs of a batch, with the lengths of its sequences where it has any.</summary>
internal static class SequenceCall
{
    /// <summary>Calls a model on a batch, as training and evaluation do.</summary>
    /// <inheritdoc cref="Of(nn.Module{Tensor, Tensor}, Tensor, Tensor?)"/>
    public static Tensor Of(nn.Module<Tensor, Tensor> model, Batch batch) => Of(model, batch.Inputs, batch.Lengths);

    /// <summary>Calls a model on inputs; without lengths by its <c>call</c>.</summary>
    /// <exception cref="ArgumentException">There are lengths, and the model takes none.</exception>
    /// <exception cref="InvalidOperationException">There are lengths, and hooks of the model itself would not run.</exception>
    public static Tensor Of(nn.Module<Tensor, Tensor> model, Tensor inputs, Tensor? lengths)
    {
        if (lengths is null)
        {
            return model.call(inputs);
        }

        if (model is not ISequenceModel sequences)
        {
            throw new ArgumentException(
                $"The batch of shape {Shape.Of(inputs)} has sequences of several lengths, but the model {model.GetName()} "
                    + "takes no lengths. Let it implement ISequenceModel, as those of SequenceModels do, or give sequences "
                    + "of one length."
            );
        }

        return new HookWatch(model).IsHooked
            ? throw new InvalidOperationException(
                $"The model {model.GetName()} has hooks of its own, which TorchSharp does not run for forward(input, lengths). "
                    + "Remove them, register them on its modules, or give sequences "
                    + "of one length."
            )
            : sequences.forward(inputs, lengths);
    }
}
