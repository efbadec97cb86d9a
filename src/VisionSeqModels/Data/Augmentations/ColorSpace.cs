using static TorchSharp.torch;

namespace VisionSeqModels.Data;

/// <summary>Colours of images <c>[batch, channels, height, width]</c> with values 0..1. Results belong to the current
/// dispose scope.</summary>
internal static class ColorSpace
{
    private static readonly float[] GrayWeights = [0.2989f, 0.587f, 0.114f];

    /// <summary>Brightness as the eye sees it, <c>[batch, 1, height, width]</c>; the channel itself of grey images.</summary>
    public static Tensor Gray(Tensor images)
    {
        if (images.size(1) == 1)
        {
            return images;
        }

        var weights = tensor(GrayWeights, device: images.device).reshape(1, 3, 1, 1);
        return (images * weights.to_type(images.dtype)).sum(1, keepdim: true);
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
        var divisor = chroma + chroma.eq(0); // grey has no hue: its chroma, and so its change, is 0
        var fromRed = ((green - blue) / divisor).remainder(6);
        var fromGreen = ((blue - red) / divisor) + 2;
        var fromBlue = ((red - green) / divisor) + 4;
        var sixths = where(red.eq(value), fromRed, where(green.eq(value), fromGreen, fromBlue)) + (turns * 6);
        return stack([Channel(5), Channel(3), Channel(1)], 1).MoveToOuterDisposeScope();

        Tensor Channel(int offset)
        {
            var place = (sixths + offset).remainder(6);
            return value - (chroma * minimum(place, 4 - place).clamp(0, 1));
        }
    }
}
