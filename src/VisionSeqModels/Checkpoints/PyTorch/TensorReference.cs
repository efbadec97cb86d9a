using VisionSeqModels.Torch;

namespace VisionSeqModels.Checkpoints;

/// <summary>A tensor of a pickle: a view of a storage, checked to lie within it. Nothing is allocated for it yet.</summary>
internal sealed record TensorReference(PickleStorage Storage, long Offset, long[] Sides, long[] Strides)
{
    public const int MaximumDimensions = 64; // PyTorch's own limit

    /// <exception cref="FormatException">It lies outside its storage, or has more elements than the storage.</exception>
    public static TensorReference Create(PickleStorage storage, long offset, long[] shape, long[] strides)
    {
        string text = $"a tensor of shape {Shape.Of(shape)}, strides {Shape.Of(strides)} and offset {offset}";
        if (
            shape.Length != strides.Length
            || shape.Length > MaximumDimensions
            || offset < 0
            || shape.Any(side => side < 0)
            || strides.Any(stride => stride < 0)
        )
        {
            throw new FormatException($"it has {text}, which no tensor has.");
        }

        // libtorch multiplies the sides of an empty tensor too, as if each was at least 1; that product must fit as well.
        Int128 count = 1;
        Int128 last = offset;
        for (int i = 0; i < shape.Length; i++)
        {
            count *= Math.Max(shape[i], 1);
            last += (Int128)(Math.Max(shape[i], 1) - 1) * strides[i];
            if (count > long.MaxValue / storage.ElementSize || last > long.MaxValue / storage.ElementSize)
            {
                throw new FormatException($"it has {text}, which is more than 2^63 bytes.");
            }
        }

        bool isEmpty = shape.Contains(0);
        if (isEmpty ? offset > storage.Elements : last >= storage.Elements)
        {
            throw new FormatException($"it has {text}, which ends outside its storage of {storage.Elements} elements.");
        }

        return isEmpty || count <= storage.Elements
            ? new TensorReference(storage, offset, shape, strides)
            : throw new FormatException(
                $"it has {text} over a storage of {storage.Elements} elements: its elements overlap. In Python, save "
                    + "tensor.contiguous() instead."
            );
    }
}
