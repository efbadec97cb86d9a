using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Data;

/// <summary>Colours of images <c>[batch, channels, height, width]</c> with values 0..1. Results belong to the current
/// dispose scope.</summary>
internal static class ColorSpace
{
    private static readonly double[] GrayWeights = [0.2989, 0.587, 0.114];

    /// <summary>Brightness as the eye sees it, <c>[batch, 1, height, width]</c>; the channel itself of grey images.</summary>
    public static Tensor Gray(Tensor images)
    {
        if (images.size(1) == 1)
        {
            return images;
        }

        return (images * ChannelNumbers.Of(GrayWeights, images.dtype, images.device)).sum(1, keepdim: true);
    }

    /// <summary>Turns the hue of RGB images.</summary>
    /// <param name="images">RGB images.</param>
    /// <param name="turns">By how much, in whole turns, <c>[batch, 1, 1]</c>.</param>
    public static Tensor TurnHue(Tensor images, Tensor turns)
    {
        using var scope = NewDisposeScope();
        var (red, green, blue) = (images.select(1, 0), images.select(1, 1), images.select(1, 2));
        var value = images.amax([1]);
        var chroma = value - images.amin([1]);
        var divisor = chroma.Plus(chroma.eq(Scalars.Zero)); // grey has no hue: its chroma, and so its change, is 0
        var fromRed = ((green - blue) / divisor).remainder(Scalars.Of(6));
        var fromGreen = ((blue - red) / divisor).Plus(Scalars.Two);
        var fromBlue = ((red - green) / divisor).Plus(Scalars.Of(4));
        var sixths = where(red.eq(value), fromRed, where(green.eq(value), fromGreen, fromBlue)).Plus(turns.mul(Scalars.Of(6)));
        return stack([Channel(5), Channel(3), Channel(1)], 1).MoveToOuterDisposeScope();

        Tensor Channel(int offset)
        {
            var place = sixths.Plus(Scalars.Of(offset)).remainder(Scalars.Of(6));
            return value - (chroma * minimum(place, place.neg().Plus(Scalars.Of(4))).clamp(Scalars.Zero, Scalars.One));
        }
    }
}
