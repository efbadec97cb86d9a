namespace VisionSeqModels.Drawing;

/// <summary>The measures of a chart, in units of its own: the page makes it as wide as there is room.</summary>
/// <param name="Width">Its width.</param>
/// <param name="Height">Its height.</param>
/// <param name="Font">The size of its text where it is largest, on a phone; see <see cref="SvgChartStyle"/>.</param>
/// <param name="EpochTicks">About how many ticks along the epochs.</param>
/// <param name="ValueTicks">About how many along the values.</param>
/// <param name="MostDots">Up to how many points each has a dot that shows its value; above, only the lines are drawn.</param>
internal sealed record SvgSize(int Width, int Height, int Font, int EpochTicks, int ValueTicks, int MostDots)
{
    public const int Right = 12;
    public const int Top = 9;

    public static SvgSize Large { get; } = new(440, 280, 14, 8, 5, 400);

    public static SvgSize Small { get; } = new(190, 128, 13, 3, 3, 0);

    /// <summary>The room left of the plot, for labels of so many letters.</summary>
    public int Left(int letters) => 10 + (int)Math.Ceiling(letters * Font * 0.56);

    public int Bottom => Font + 9;
}
