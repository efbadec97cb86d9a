using VisionSeqModels.Core;

namespace VisionSeqModels;

/// <summary>What a page of <see cref="ModelPage"/> shows, and how it reads images.</summary>
public sealed record PageOptions
{
    /// <summary>The heading; null (default) for one that fits the classes, such as <c>Draw a digit</c>.</summary>
    public string? Title { get; init; }

    /// <summary>The names of the model's outputs, in their order; null (default) for those of the data, else 0, 1, 2 and so
    /// on.</summary>
    public IReadOnlyList<string>? ClassNames { get; init; }

    /// <summary>How the model's training images were normalised; null (default) for the data's, else MNIST's for grey 28×28
    /// images. Other models need it.</summary>
    public ImageNormalization? Normalization { get; init; }

    /// <summary>Channels, height and width of an image; null (default) for those of the data or of the model's options. A
    /// recurrent model of the rows of grey images, without data, takes square ones.</summary>
    public IReadOnlyList<int>? ImageShape { get; init; }

    /// <summary>Whether a drawing is moved and scaled as MNIST's digits were: its ink fills 20 of 28 pixels, and its centre of
    /// mass lies in the middle. Null (default): for grey 28×28 images whose classes are the digits.</summary>
    public bool? CenterDrawing { get; init; }

    /// <summary>How many images of the data the page shows as examples to try, of as many classes as there are; default 10, at
    /// least 0. They become part of the file.</summary>
    public int ExampleCount { get; init; } = 10;

    /// <summary>The largest file that is written, in MiB; default 16, above 0. A weight takes 5.3 bytes.</summary>
    public double MaxMebibytes { get; init; } = 16;

    internal void Validate() =>
        new OptionFaults(nameof(PageOptions))
            .Require(
                ImageShape is null || (ImageShape is [1 or 3, > 0, > 0]),
                nameof(ImageShape),
                "null, or 1 or 3 channels, height and width",
                ImageShape is null ? null : OptionFaults.Text(ImageShape.Select(size => (double)size))
            )
            .Require(
                ClassNames?.Contains(null!) != true,
                nameof(ClassNames),
                "null, or names without null",
                "one with null in it"
            )
            .AtLeast(0, nameof(ExampleCount), ExampleCount)
            .Positive(nameof(MaxMebibytes), MaxMebibytes)
            .ThrowIfAny();
}
