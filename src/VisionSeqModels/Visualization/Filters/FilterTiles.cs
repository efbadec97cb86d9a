using System.Globalization;
using VisionSeqModels.Drawing;

namespace VisionSeqModels.Visualization;

/// <summary>The weights of a convolution as tiles of an <see cref="ImageGrid"/>.</summary>
internal sealed class FilterTiles(float[] values, long[] shape, FilterGridOptions options)
{
    private const int Around = 10;
    private const int LineHeight = 16;
    private const int LongestCaption = 64;
    private readonly int _filters = (int)shape[0];
    private readonly int _channels = (int)shape[1];
    private readonly int _height = (int)shape[2];
    private readonly int _width = (int)shape[3];
    private readonly ValueScale _shared = ValueScale.Symmetric(values.Select(value => (double)value));

    private bool InColor => _channels == 3 && options.Rgb;

    // In colour, or with one input channel, tiles flow in rows; else a row is a filter and a column an input channel.
    private bool OneTileAFilter => InColor || _channels == 1;

    private bool IsShared => options.Scale == FilterScale.Shared;

    // A filter that has one tile stands wherever there is room; else filters are rows and input channels columns.
    public Picture Draw()
    {
        int cellWidth = Math.Max(_width * options.PixelSize, LongestCaption) + Around,
            cellHeight = (_height * options.PixelSize) + Around + LineHeight;
        int wanted = OneTileAFilter ? Math.Min(options.Columns ?? (int)Math.Ceiling(Math.Sqrt(_filters)), _filters) : _channels;
        var (rows, columns) = options.Limit.Table(
            (OneTileAFilter ? (_filters + wanted - 1) / wanted : _filters, cellHeight, 200),
            (wanted, cellWidth, 40)
        );
        int[] filters = Strongest(_filters, OneTileAFilter ? rows * columns : rows, Norm),
            channels = OneTileAFilter ? [0] : Strongest(_channels, columns, ChannelNorm);
        bool whole = channels.Length == (OneTileAFilter ? 1 : _channels);
        string[] notes =
        [
            .. filters.Length < _filters ? [Note(filters.Length, _filters, "filters")] : Array.Empty<string>(),
            .. whole ? Array.Empty<string>() : [Note(channels.Length, _channels, "input channels")],
        ];
        return ImageGrid.Draw(
            [.. filters.SelectMany(filter => Tiles(filter, channels, whole))],
            new ImageGridOptions
            {
                Title = options.Title,
                PixelSize = options.PixelSize,
                Columns = OneTileAFilter ? columns : channels.Length,
                Map = ColorMap.Grey,
                Scale = options.Scale switch
                {
                    FilterScale.Shared => _shared,
                    FilterScale.PerFilter => ValueScale.EachSymmetric,
                    _ => ValueScale.EachMinMax,
                },
                Meaning =
                    InColor ? "weight, by colour channel"
                    : OneTileAFilter ? "weight"
                    : whole ? "weight; a column for each input channel"
                    : "weight; filter · input channel",
                Notes = notes,
                Limit = options.Limit,
            }
        );
    }

    private IEnumerable<ImageTile> Tiles(int filter, int[] channels, bool whole)
    {
        var scale = ScaleOf(filter);
        string ends =
            options.Scale == FilterScale.PerFilter ? $" (m = {ColorBar.Text(scale.Maximum)})"
            : IsShared ? ""
            : $" ({ColorBar.Text(scale.Minimum)} to {ColorBar.Text(scale.Maximum)})";
        if (InColor)
        {
            return [ImageTile.OfColors(Colors(filter), scale, $"{filter}{ends}")];
        }

        return channels.Select(channel =>
            ImageTile.OfMap(
                Plane(filter, channel),
                scale,
                ColorMap.Grey,
                !whole ? $"{filter} · {channel}{(channel == channels[0] ? ends : "")}"
                    : channel == channels[0] ? $"{filter}{ends}"
                    : ""
            )
        );
    }

    /// <summary>The strongest, first, where there is no room for all; else all, in order.</summary>
    private static int[] Strongest(int count, int wanted, Func<int, double> norm) =>
        wanted >= count ? [.. Enumerable.Range(0, count)] : [.. Enumerable.Range(0, count).OrderByDescending(norm).Take(wanted)];

    private static string Note(int shown, int all, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"{shown:n0} of {all:n0} {what} are shown, the strongest first.");

    private double Norm(int filter)
    {
        int length = _channels * _height * _width;
        return Squares(values.AsSpan(filter * length, length));
    }

    private double ChannelNorm(int channel)
    {
        int length = _height * _width;
        double sum = 0;
        for (int filter = 0; filter < _filters; filter++)
        {
            sum += Squares(values.AsSpan(((filter * _channels) + channel) * length, length));
        }

        return sum;
    }

    /// <summary>The sum of squares; a value that is not finite counts as the strongest.</summary>
    private static double Squares(ReadOnlySpan<float> part)
    {
        double sum = 0;
        foreach (float value in part)
        {
            sum += float.IsFinite(value) ? (double)value * value : double.PositiveInfinity;
        }

        return sum;
    }

    private ValueScale ScaleOf(int filter)
    {
        int length = _channels * _height * _width;
        var own = values.Skip(filter * length).Take(length).Select(value => (double)value);
        return options.Scale switch
        {
            FilterScale.Shared => _shared,
            FilterScale.PerFilter => ValueScale.Symmetric(own),
            _ => ValueScale.MinMax(own),
        };
    }

    private double[,] Plane(int filter, int channel) => Tables.Fill(_height, _width, (y, x) => At(filter, channel, y, x));

    private double[,,] Colors(int filter)
    {
        var colors = new double[_channels, _height, _width];
        for (int i = 0; i < colors.Length; i++)
        {
            (int channel, int y, int x) = (i / (_height * _width), i / _width % _height, i % _width);
            colors[channel, y, x] = At(filter, channel, y, x);
        }

        return colors;
    }

    private double At(int filter, int channel, int y, int x) =>
        values[(((((filter * _channels) + channel) * _height) + y) * _width) + x];
}
