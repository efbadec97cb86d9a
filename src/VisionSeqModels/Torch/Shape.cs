using static TorchSharp.torch;

namespace VisionSeqModels.Torch;

/// <summary>Writes shapes for messages, as <c>[64, 3, 32, 32]</c>.</summary>
internal static class Shape
{
    public static string Of(Tensor tensor) => Of(tensor.shape);

    public static string Of(ReadOnlySpan<long> sizes)
    {
        var text = new System.Text.StringBuilder("[");
        for (int i = 0; i < sizes.Length; i++)
        {
            text.Append(i == 0 ? "" : ", ").Append(sizes[i]);
        }

        return text.Append(']').ToString();
    }
}
