using static TorchSharp.torch;

namespace VisionSeqModels.Data;

/// <summary>Reads chosen images of any source, image by image.</summary>
internal static class ChosenImages
{
    public static IEnumerable<Batch> Read(IImageSource data, BatchRequest request, IReadOnlyList<long> indices)
    {
        var normalization =
            data.Normalization
            ?? throw new NotSupportedException(
                $"The images of '{data.Name}' ({data.GetType().Name}) cannot be read one by one: their Normalization is null. "
                    + "Give it, or implement IImageSource.Read(request, indices)."
            );
        if (PixelOrder.IsReversed(data.Channels, data.Height, data.Width))
        {
            throw new NotSupportedException(
                $"The images of '{data.Name}' ({data.GetType().Name}) must have "
                    + $"{PixelOrder.Advice([data.Channels, data.Height, data.Width])}."
            );
        }

        var (scale, offset) = normalization.Numbers();
        long[] order = EpochOrder.Of(request, indices.Count, [.. indices])!;
        foreach (var (begin, size) in EpochOrder.Batches(request, order.Length))
        {
            yield return Gather(data, order.AsSpan(begin, size), scale, offset, request.Device);
        }
    }

    private static Batch Gather(IImageSource data, ReadOnlySpan<long> images, float[] scale, float[] offset, Device device)
    {
        var writer = new BatchWriter(device, images.Length, data.Channels, data.Height, data.Width);
        foreach (long image in images)
        {
            using var scope = NewDisposeScope();
            writer.Add(data.GetPixels(image).contiguous().bytes, data.GetLabel(image), scale, offset);
        }

        return writer.Send();
    }
}
