using VisionSeqModels.Drawing;

namespace VisionSeqModels.Visualization;

/// <summary>The weights of a convolution as tiles of an <see cref="ImageGrid"/>.</summary>
internal sealed class FilterTiles(float[] values, long[] shape, FilterGridOptions options)
{
    private readonly int _filters = (int)shape[0];
    private readonly int _channels = (int)shape[1];
    private readonly int _height = (int)shape[2];
    private readonly int _width = (int)shape[3];
    private readonly ValueScale _shared = ValueScale.Symmetric(values.Select(value => (double)value));

    private bool InColor => _channels == 3 && options.Rgb;

    // In colour, or with one input channel, tiles flow in rows; else a row is a filter and a column an input channel.
    private bool OneTileAFilter => InColor || _channels == 1;

    private bool IsShared => options.Scale == FilterScale.Shared;

    public Picture Draw() =>
        ImageGrid.Draw(
            [.. Enumerable.Range(0, _filters).SelectMany(Tiles)],
            new ImageGridOptions
            {
                Title = options.Title,
                PixelSize = options.PixelSize,
                Columns = OneTileAFilter ? options.Columns : _channels,
                Map = ColorMap.Grey,
                Scale = _shared,
                Meaning =
                    (
                        InColor ? "weight, by colour channel"
                        : OneTileAFilter ? "weight"
                        : "weight; a column for each input channel"
                    ) + (IsShared ? "" : ", each filter in its own scale"),
            }
        );

    private IEnumerable<ImageTile> Tiles(int filter)
    {
        var scale = ScaleOf(filter);
        string caption = IsShared ? $"{filter}" : $"{filter} ({ColorBar.Text(scale.Minimum)} to {ColorBar.Text(scale.Maximum)})";
        if (InColor)
        {
            return [ImageTile.OfColors(Colors(filter), scale, caption)];
        }

        return Enumerable
            .Range(0, _channels)
            .Select(channel => ImageTile.OfMap(Plane(filter, channel), scale, ColorMap.Grey, channel == 0 ? caption : ""));
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
