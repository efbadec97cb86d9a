using VisionSeqModels.Drawing;

namespace VisionSeqModels.Visualization;

/// <summary>The strongest activation of one feature map, propagated back to the pixels by the Deconvnet. It holds plain
/// numbers: there is nothing to dispose.</summary>
public sealed record FeatureProjection
{
    /// <summary>The feature map, from 0.</summary>
    public required int Map { get; init; }

    /// <summary>The image's place in the data, from 0; 0 for a single image.</summary>
    public required long ImageIndex { get; init; }

    /// <summary>The activation.</summary>
    public required double Activation { get; init; }

    /// <summary>Its row in the map.</summary>
    public required int Row { get; init; }

    /// <summary>Its column in the map.</summary>
    public required int Column { get; init; }

    /// <summary>The pixels that it can see.</summary>
    public required PixelBox Box { get; init; }

    /// <summary>The sizes of <see cref="Values"/>: channels, height, width of the whole image.</summary>
    public required IReadOnlyList<int> Shape { get; init; }

    /// <summary>The projection, unscaled, in the order of <see cref="Shape"/>; zero everywhere for a map that nothing
    /// activates.</summary>
    public required IReadOnlyList<float> Values { get; init; }

    /// <summary>The projection within the box as a tile: in colour, or grey with one channel, each about mid grey.</summary>
    /// <param name="caption">The caption; null for the activation.</param>
    public ImageTile ToTile(string? caption = null)
    {
        var scale = ValueScale.Symmetric(Values.Select(value => (double)value));
        caption ??= ColorBar.Text(Activation);
        if (Shape[0] == 3)
        {
            var colors = new double[3, Box.Height, Box.Width];
            ForEach((channel, y, x, value) => colors[channel, y, x] = value);
            return ImageTile.OfColors(colors, scale, caption);
        }

        var sums = new double[Box.Height, Box.Width];
        ForEach((_, y, x, value) => sums[y, x] += value);
        return ImageTile.OfMap(sums, scale, ColorMap.Grey, caption);
    }

    private void ForEach(Action<int, int, int, double> use)
    {
        for (int channel = 0; channel < Shape[0]; channel++)
        {
            for (int y = 0; y < Box.Height; y++)
            {
                for (int x = 0; x < Box.Width; x++)
                {
                    use(channel, y, x, Values[(((channel * Shape[1]) + Box.Top + y) * Shape[2]) + Box.Left + x]);
                }
            }
        }
    }
}
