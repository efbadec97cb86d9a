using VisionSeqModels.Kernels;
using VisionSeqModels.Models;
using static TorchSharp.torch;

namespace VisionSeqModels.Benchmarks.Shapes;

/// <summary>A layer of some shape, on the own kernel and on libtorch.</summary>
/// <param name="Name">The kind of layer and its sizes.</param>
/// <param name="Batch">Images or sequences.</param>
/// <param name="Input">The input.</param>
/// <param name="Module">libtorch's module.</param>
/// <param name="Own">By the own kernel.</param>
/// <param name="Libtorch">By libtorch.</param>
/// <param name="IsChosen">Whether the library takes the own kernel; with gradients or without, as is set.</param>
internal sealed record ShapeCase(
    string Name,
    int Batch,
    Tensor Input,
    nn.Module Module,
    Func<Tensor, Tensor> Own,
    Func<Tensor, Tensor> Libtorch,
    Func<Tensor, bool> IsChosen
)
{
    /// <summary>Both convolutions of a LeNet, with ReLU and pooling.</summary>
    public static ShapeCase Convolutions(LeNetOptions options, int batch)
    {
        nn.Module<Tensor, Tensor>[] stages =
        [
            nn.Conv2d(options.InputChannels, options.Conv1Channels, options.KernelSize),
            nn.ReLU(),
            new MaxPool2x2(),
            nn.Conv2d(options.Conv1Channels, options.Conv2Channels, options.KernelSize),
            nn.ReLU(),
            new MaxPool2x2(),
        ];
        var own = KernelSelection.ConvolutionsAnywhere(options, stages)!;
        return new(
            FormattableString.Invariant(
                $"{options.InputChannels} > {options.Conv1Channels} > {options.Conv2Channels}, side {options.ImageHeight}"
            ),
            batch,
            rand(batch, options.InputChannels, options.ImageHeight, options.ImageWidth),
            nn.Sequential(stages),
            own.Run,
            images => stages.Aggregate(images, (values, stage) => stage.call(values)).flatten(1),
            own.IsChosen
        );
    }

    /// <summary>A recurrent layer over the rows of an MNIST image.</summary>
    public static ShapeCase Recurrent(RecurrentCell cell, int hidden, int batch, int time = 28, int features = 28)
    {
        var options = new RecurrentOptions { HiddenSize = hidden, InputSize = features };
        var module = RecurrentLayers.Create(cell, options);
        var own = KernelSelection.RecurrentLayerAnywhere(module, cell, options)!;
        return new(
            FormattableString.Invariant($"{cell.ToString().ToUpperInvariant()}, hidden {hidden}"),
            batch,
            rand(batch, time, features),
            module,
            sequence => own.Run(sequence, lastOnly: true),
            sequence => RecurrentLayers.Run(module, sequence).Outputs.select(1, -1),
            own.IsChosen
        );
    }
}
