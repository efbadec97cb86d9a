using VisionSeqModels.Core;

namespace VisionSeqModels.Drawing;

/// <summary>The upper size of a picture. What does not fit is left out, the strongest or the worst is kept, and a line on the
/// picture says so; a single part that is larger is drawn smaller.</summary>
public sealed record PictureLimit
{
    /// <summary>The limit of every picture whose options name no other: 16,000 pixels a side, 64 megapixels in all.</summary>
    public static PictureLimit Default { get; } = new();

    /// <summary>The most pixels of a side; default 16,000, from 200 to 65,535.</summary>
    public int MaximumSide { get; init; } = 16_000;

    /// <summary>The most pixels in all; default 64,000,000, from 40,000 to 1,000,000,000.</summary>
    public long MaximumPixels { get; init; } = 64_000_000;

    internal static OptionFaults Validate(OptionFaults faults, PictureLimit? limit) =>
        faults
            .Require(limit is not null, nameof(PictureLimit), "not null", limit)
            .Require(
                limit is null or { MaximumSide: >= 200 and <= 65_535 },
                nameof(MaximumSide),
                "from 200 to 65535",
                limit?.MaximumSide
            )
            .Require(
                limit is null or { MaximumPixels: >= 40_000 and <= 1_000_000_000 },
                nameof(MaximumPixels),
                "from 40000 to 1000000000",
                limit?.MaximumPixels
            );

    /// <summary>How many rows and columns of a table fit, at least one each.</summary>
    /// <param name="rows">Rows, their height in pixels, and the height of what stands above and below.</param>
    /// <param name="columns">Columns, their width in pixels, and the width of what stands beside.</param>
    internal (int Rows, int Columns) Table((int Count, int Size, int Around) rows, (int Count, int Size, int Around) columns)
    {
        double width = Math.Min(MaximumSide, Extent(columns)),
            height = Math.Min(MaximumSide, Extent(rows)),
            side = Math.Sqrt(MaximumPixels);
        if (width * height > MaximumPixels)
        {
            (width, height) =
                width <= side ? (width, MaximumPixels / width)
                : height <= side ? (MaximumPixels / height, height)
                : (side, side);
        }

        return (Fit(rows, height), Fit(columns, width));
    }

    /// <summary>The factor, at most 1, by which a picture is drawn smaller to fit.</summary>
    internal double Factor(double width, double height) =>
        Math.Min(
            Math.Min(1, MaximumSide / Math.Max(width, height)),
            Math.Sqrt(Math.Min(1, MaximumPixels / Math.Max(1, width * height)))
        );

    private static double Extent((int Count, int Size, int Around) parts) => parts.Around + ((double)parts.Count * parts.Size);

    private static int Fit((int Count, int Size, int Around) parts, double room) =>
        (int)Math.Clamp((room - parts.Around) / parts.Size, 1, parts.Count);
}
