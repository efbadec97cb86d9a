using VisionSeqModels;
using VisionSeqModels.Models;
using static TorchSharp.torch;

/// <summary>The models that are compared.</summary>
internal sealed class Contestants(long seed, int units)
{
    public static readonly string[] Recurrent = ["RNN", "LSTM", "GRU"];
    public static readonly string[] Names = ["LeNet", .. Recurrent];

    /// <summary>Builds a model for some images; a recurrent one reads them row by row, or pixel by pixel.</summary>
    public nn.Module<Tensor, Tensor> Build(string name, ImageDatasets images, bool pixelByPixel)
    {
        if (name == "LeNet")
        {
            return VisionModels.LeNet(LeNetOptions.For(images) with { Seed = seed });
        }

        var options = RecurrentOptions.For(images) with { HiddenSize = units, Seed = seed };
        return SequenceModels.Build(
            Enum.Parse<RecurrentCell>(name, ignoreCase: true),
            pixelByPixel ? options with { Sequence = ImageSequence.Pixels, InputSize = images.Channels } : options
        );
    }
}
