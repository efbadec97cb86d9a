using System.Globalization;
using VisionSeqModels.Data;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Models;

/// <summary>Turns the input of a recurrent classifier into sequences <c>[batch, time, features]</c>.</summary>
internal sealed class SequenceInput(RecurrentOptions options)
{
    /// <summary>Returns a sequence as it is, and an image cut as the options say; no value changes.</summary>
    /// <exception cref="ShapeMismatchException">The input does not fit the model.</exception>
    public Tensor Read(Tensor input)
    {
        var sequence = input.dim() switch
        {
            3 => input,
            4 => Cut(input),
            _ => throw Mismatch(input, null),
        };
        return sequence.size(1) > 0 && sequence.size(2) == options.InputSize ? sequence : throw Mismatch(input, sequence);
    }

    /// <summary>How many steps of each sequence count: all but those at its end that have the padding value alone. On the CPU,
    /// int64.</summary>
    /// <exception cref="ArgumentException">A sequence is nothing but padding.</exception>
    public static Tensor Lengths(Tensor sequence, double paddingValue)
    {
        using var scope = NewDisposeScope();
        var number = Arithmetic.Range(1, sequence.size(1) + 1, device: sequence.device);
        var lengths = (sequence.ne(Scalars.Of(paddingValue)).any(2) * number).amax([1]).cpu();
        int empty = lengths.data<long>().ToList().IndexOf(0);
        return empty < 0
            ? lengths.MoveToOuterDisposeScope()
            : throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Sequence {empty} of the batch of shape {Shape.Of(sequence)} holds nothing but the PaddingValue "
                        + $"{paddingValue}. Leave it out, or pad with another value."
                )
            );
    }

    private Tensor Cut(Tensor images) =>
        PixelOrder.IsReversed(images.shape)
            ? throw new ShapeMismatchException($"The recurrent model expects images with {PixelOrder.Advice(images.shape)}.")
            : Parts(images);

    private Tensor Parts(Tensor images) =>
        options.Sequence switch
        {
            ImageSequence.Rows => images.permute(0, 2, 1, 3).flatten(2),
            ImageSequence.Columns => images.permute(0, 3, 1, 2).flatten(2),
            ImageSequence.Pixels => images.permute(0, 2, 3, 1).flatten(1, 2),
            _ => Patches(images),
        };

    private Tensor Patches(Tensor images)
    {
        long side = options.PatchSize;
        if (images.size(2) % side != 0 || images.size(3) % side != 0)
        {
            throw new ShapeMismatchException(
                $"Patches of {side}×{side} pixels do not divide images of shape {Shape.Of(images)}. Choose a "
                    + "PatchSize that divides height and width, or crop the images."
            );
        }

        return images
            .reshape(images.size(0), images.size(1), images.size(2) / side, side, images.size(3) / side, side)
            .permute(0, 2, 4, 1, 3, 5)
            .flatten(3)
            .flatten(1, 2);
    }

    private ShapeMismatchException Mismatch(Tensor input, Tensor? sequence)
    {
        string wanted =
            $"sequences of shape [batch, time, {options.InputSize}] with at least one step, or images [batch, "
            + "channels, height, width] whose "
            + $"{options.Sequence.ToString().ToLowerInvariant()} have {options.InputSize} features";
        string given =
            sequence is null || input.dim() == 3
                ? Shape.Of(input)
                : $"{Shape.Of(input)}, which makes sequences of shape {Shape.Of(sequence)}";
        return new ShapeMismatchException(
            $"The recurrent model expects {wanted}, but received {given}. Build it with RecurrentOptions "
                + $"{{ InputSize, Sequence }} that fit the data, or reshape the data."
        );
    }
}
