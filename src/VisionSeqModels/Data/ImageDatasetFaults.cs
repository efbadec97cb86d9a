using TorchSharp;
using VisionSeqModels.Core;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Data;

/// <summary>Checks the tensors of an <see cref="ImageDataset"/>.</summary>
internal static class ImageDatasetFaults
{
    public static void Check(Tensor pixels, Tensor labels, IReadOnlyList<string> classNames, ImageNormalization? normalization)
    {
        bool images = pixels.dtype == ScalarType.Byte && pixels.dim() == 4 && pixels.size(0) > 0;
        bool classes = labels.dtype == ScalarType.Int64 && labels.dim() == 1;
        var faults = new OptionFaults(nameof(ImageDataset))
            .Require(
                images,
                "pixels",
                "uint8 [samples, channels, height, width] with at least 1 sample",
                $"{pixels.dtype} {Shape.Of(pixels)}"
            )
            .Require(classes, "labels", "int64 [samples]", $"{labels.dtype} {Shape.Of(labels)}")
            .Require(pixels.device_type == DeviceType.CPU, "pixels", "on the CPU", pixels.device)
            .Require(labels.device_type == DeviceType.CPU, "labels", "on the CPU", labels.device)
            .AtLeast(1, "classNames.Count", classNames.Count)
            .Require(
                !images || !classes || pixels.size(0) == labels.size(0),
                "labels",
                $"one for each of the {pixels.size(0)} images",
                Shape.Of(labels)
            );
        if (images && PixelOrder.IsReversed(pixels.shape))
        {
            faults.Add($"pixels must have {PixelOrder.Advice(pixels.shape)}.");
        }
        else if (normalization is not null && images)
        {
            faults.Include("normalization", normalization.Faults(pixels.size(1)));
        }

        faults.ThrowIfAny();
        if (labels.numel() > 0)
        {
            CheckRange(labels, classNames.Count, faults);
        }

        faults.ThrowIfAny();
    }

    private static void CheckRange(Tensor labels, int classCount, OptionFaults faults)
    {
        using var scope = NewDisposeScope();
        long least = labels.min().item<long>();
        long most = labels.max().item<long>();
        faults.Require(
            least >= 0 && most < classCount,
            "labels",
            $"from 0 to {classCount - 1}, one for each class name",
            $"{least} to {most}"
        );
    }
}
