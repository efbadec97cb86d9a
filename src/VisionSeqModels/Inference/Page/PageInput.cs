using System.Globalization;
using VisionSeqModels.Core;
using VisionSeqModels.Data;
using VisionSeqModels.Models;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Inference;

/// <summary>The images that a page's model reads: their shape, their normalisation, and the names of the answers.</summary>
internal sealed record PageInput
{
    private const int DigitSide = 28;

    public required int[] Shape { get; init; }

    public required ImageNormalization Normalization { get; init; }

    public required IReadOnlyList<string> ClassNames { get; init; }

    public required bool IsCentered { get; init; }

    public required ModelOutput Output { get; init; }

    /// <summary>How a picture gets the images' size.</summary>
    public required ImagePreparation Preparation { get; init; }

    public bool AreDigits => Output == ModelOutput.Classes && ClassNames.SequenceEqual(Numbers(10));

    /// <exception cref="InvalidOptionsException">The options leave open how images become the model's inputs, or do not fit the
    /// model.</exception>
    /// <exception cref="ShapeMismatchException">The model does not take images of this shape.</exception>
    public static PageInput Of(nn.Module<Tensor, Tensor> model, IImageSource? data, PageOptions options)
    {
        int[] shape = options.ImageShape?.ToArray() ?? (data is null ? ShapeOf(model) : [data.Channels, data.Height, data.Width]);
        bool isLikeMnist = shape is [1, DigitSide, DigitSide];
        var normalization =
            options.Normalization ?? data?.Normalization ?? (isLikeMnist && data is null ? ImageNormalization.Mnist : null);
        int count = OutputCount(model, shape);
        var names = options.ClassNames ?? (data is null || data.ClassNames.Count != count ? Numbers(count) : data.ClassNames);
        new OptionFaults(nameof(PageOptions))
            .Require(
                normalization is not null,
                nameof(PageOptions.Normalization),
                $"given for images of {string.Join('×', shape)} (channels, height, width), as the training data had it",
                null
            )
            .Include(nameof(PageOptions.Normalization), normalization?.Faults(shape[0]) ?? [])
            .Require(names.Count == count, nameof(PageOptions.ClassNames), $"{count} names, one for each output", names.Count)
            .ThrowIfAny();
        var input = new PageInput
        {
            Shape = shape,
            Normalization = normalization!,
            ClassNames = [.. names.Select(PlainText.Of)],
            IsCentered = false,
            Output = (model as IConfiguredModel)?.Output ?? ModelOutput.Classes,
            Preparation = data?.Preparation ?? new ImagePreparation(),
        };
        return input with { IsCentered = options.CenterDrawing ?? (isLikeMnist && input.AreDigits) };
    }

    private static string[] Numbers(int count) =>
        [.. Enumerable.Range(0, count).Select(number => number.ToString(CultureInfo.InvariantCulture))];

    private static int[] ShapeOf(nn.Module model) =>
        (model as IConfiguredModel)?.InputShape is [_, long channels, long height, long width]
            ? [(int)channels, (int)height, (int)width]
        : model is RecurrentClassifier { Options: { Sequence: ImageSequence.Rows or ImageSequence.Columns } options }
            ? [1, options.InputSize, options.InputSize]
        : throw new InvalidOptionsException(
            nameof(PageOptions),
            ["ImageShape must be given for this model, or the data: its options do not say how large an image is."]
        );

    /// <summary>One pass of an image of zeros, which checks that the model takes it.</summary>
    private static int OutputCount(nn.Module<Tensor, Tensor> model, int[] shape)
    {
        using var modes = ModuleModes.Evaluating(model);
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        return (int)model.call(ModelInput.Of(model, zeros(1, shape[0], shape[1], shape[2]))).size(1);
    }
}
