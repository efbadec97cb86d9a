using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>Which pixels a unit of a layer can see, found by trying: each row and each column of an image is replaced by NaN,
/// and by other numbers, and what reaches the unit is recorded.</summary>
/// <remarks>It needs no knowledge of the model's structure: branches, operations outside modules and dilation are what they
/// do. NaN passes convolutions, poolings and ReLUs whatever their weights; numbers pass what compares instead.</remarks>
internal sealed class ReceptiveField
{
    private const int ImagesAtATime = 64;
    private const double Rounding = 1e-3; // of the largest value; NaN finds what moves less
    private readonly bool[][] _rows;
    private readonly bool[][] _columns;
    private readonly long _width;

    /// <summary>Runs the model for each row and column of one image.</summary>
    public ReceptiveField(nn.Module<Tensor, Tensor> model, Tensor image, string layer)
    {
        using var scope = NewDisposeScope();
        using var probe = new ModelProbe(model);
        bool[] moved = [];
        long width = 0;
        Tensor? clean = null;
        probe.Watch(
            layer,
            output =>
            {
                width = output.size(3);
                if (clean is null)
                {
                    clean = output.detach().clone().DetachFromDisposeScope();
                    return;
                }

                // NaN is above nothing, so it counts here; what only rounding moved does not
                var other = (output - clean).abs().le(clean.abs().max() * Rounding).logical_not();
                moved = other.any(1).flatten().cpu().data<bool>().ToArray();
            }
        );
        probe.Run(image);
        _rows = Reached(2);
        _columns = Reached(3);
        _width = width;
        clean!.Dispose();

        bool[][] Reached(int axis) =>
            [
                .. Enumerable
                    .Range(0, (int)image.size(axis))
                    .Chunk(ImagesAtATime)
                    .SelectMany(places => Reach(axis, places, double.NaN).Zip(Reach(axis, places, null), Either)),
            ];

        bool[][] Reach(int axis, int[] places, double? value)
        {
            using var pass = NewDisposeScope();
            var images = image.detach().repeat(places.Length, 1, 1, 1);
            for (int i = 0; i < places.Length; i++)
            {
                var line = images[i].narrow(axis - 1, places[i], 1);
                line.copy_(value is double fill ? full_like(line, Scalars.Of(fill)) : (line * -3) + 5);
            }

            probe.Run(images);
            return [.. moved.Chunk(moved.Length / places.Length)];
        }
    }

    public PixelBox BoxOf(int row, int column)
    {
        int unit = (int)((row * _width) + column);
        var (top, bottom) = Ends(_rows, unit);
        var (left, right) = Ends(_columns, unit);
        return new PixelBox
        {
            Top = top,
            Left = left,
            Height = bottom - top + 1,
            Width = right - left + 1,
        };
    }

    /// <summary>The first and the last line that reaches a unit; all lines where none does.</summary>
    private static (int First, int Last) Ends(bool[][] lines, int unit)
    {
        int first = Array.FindIndex(lines, line => line[unit]);
        return first < 0 ? (0, lines.Length - 1) : (first, Array.FindLastIndex(lines, line => line[unit]));
    }

    private static bool[] Either(bool[] one, bool[] other) => [.. one.Zip(other, (a, b) => a || b)];
}
