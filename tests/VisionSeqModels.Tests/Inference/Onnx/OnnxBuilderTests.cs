using CsCheck;
using VisionSeqModels.Models;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Inference;

/// <summary>Whatever the options, the file of a built-in model gives in ONNX Runtime what the model gives.</summary>
[Collection("Torch")]
public sealed class OnnxBuilderTests
{
    private static readonly Gen<ModelOutput> Outputs = Gen.Enum<ModelOutput>();

    private static readonly Gen<RecurrentCase> Recurrent = Gen.Select(
        Gen.Enum<RecurrentCell>(),
        Gen.Enum<SequenceReadout>(),
        Gen.Int[1, 3],
        Gen.Bool,
        Gen.Int[1, 12],
        Gen.Int[1, 6],
        Gen.Int[0, 9],
        Gen.Int[0, 99],
        (cell, readout, layers, isDouble, hidden, features, kind, seed) =>
            new RecurrentCase(cell, readout, layers, isDouble, hidden, features, kind, seed)
    );

    internal sealed record RecurrentCase(
        RecurrentCell Cell,
        SequenceReadout Readout,
        int Layers,
        bool IsDouble,
        int Hidden,
        int Features,
        int Kind,
        int Seed
    )
    {
        /// <summary>A form that the images take for 4 kinds of 10; sequences padded, with lengths, or plain.</summary>
        public ImageSequence? Images => Kind < 4 ? (ImageSequence)Kind : null;

        public bool IsPadded => Kind is 4 or 5 && Readout != SequenceReadout.EachStep; // which takes no PaddingValue

        public bool HasLengths => Kind is 6 or 7;

        public RecurrentOptions Options =>
            new()
            {
                InputSize = Images switch
                {
                    null => Features,
                    ImageSequence.Rows => 2 * 4,
                    ImageSequence.Columns => 2 * 6,
                    ImageSequence.Pixels => 2,
                    _ => 2 * 4,
                },
                Sequence = Images ?? ImageSequence.Rows,
                PatchSize = 2,
                HiddenSize = Hidden,
                LayerCount = Layers,
                Bidirectional = IsDouble,
                Readout = Readout,
                Nonlinearity = Cell == RecurrentCell.Rnn && Seed % 2 == 0 ? ActivationFunction.ReLU : ActivationFunction.Tanh,
                Output = (ModelOutput)(Seed % 3),
                ClassCount = 3,
                ValueCount = Seed % 3 == 1 ? 2 : 1,
                PaddingValue = IsPadded ? 0 : null,
                Seed = Seed,
            };

        public OnnxOptions Export =>
            new()
            {
                InputShape = Images is null ? null : [2, 6, 4],
                Lengths = HasLengths,
                Opset =
                    Seed % 4 == 0 ? 13
                    : Seed % 4 == 1 ? 21
                    : 17,
            };
    }

    [Fact]
    public void ARecurrentModelOfAnyOptions_GivesTheSameInOnnxRuntime() =>
        Recurrent.Sample(Check, iter: 120, threads: 1, print: given => given.ToString());

    [Fact]
    public void ALeNetOfAnyOptions_GivesTheSameInOnnxRuntime() =>
        Gen.Select(
                Gen.Int[1, 3],
                Gen.Int[16, 30],
                Gen.Int[16, 30],
                Gen.Int[1, 9],
                Gen.Int[2, 5],
                Gen.Enum<ActivationFunction>(),
                Gen.Enum<PoolingMode>(),
                Outputs
            )
            .Sample(
                (channels, height, width, maps, kernel, activation, pooling, output) =>
                {
                    using var model = VisionModels.LeNet(
                        new LeNetOptions
                        {
                            InputChannels = channels,
                            ImageHeight = height,
                            ImageWidth = width,
                            Conv1Channels = maps,
                            Conv2Channels = 4,
                            Fc1Size = 12,
                            Fc2Size = 8,
                            KernelSize = kernel,
                            Activation = activation,
                            Pooling = pooling,
                            Output = output,
                            Seed = 1,
                        }
                    );
                    OnnxAssert.Same(model, batch => randn(batch, channels, height, width));
                },
                iter: 40,
                threads: 1
            );

    [Fact]
    public void AnMlpOfAnyOptions_GivesTheSameInOnnxRuntime() =>
        Gen.Select(Gen.Int[1, 9].Array[1, 3], Gen.Int[1, 20].Array[0, 3], Gen.Enum<ActivationFunction>(), Outputs)
            .Sample(
                (shape, hidden, activation, output) =>
                {
                    using var model = VisionModels.Mlp(
                        new MlpOptions
                        {
                            InputShape = shape,
                            HiddenSizes = hidden,
                            Activation = activation,
                            Dropout = 0.5,
                            Output = output,
                            Seed = 1,
                        }
                    );
                    OnnxAssert.Same(model, batch => randn([batch, .. shape.Select(size => (long)size)]));
                },
                iter: 25,
                threads: 1
            );

    [Fact]
    public void AResNetOfAnyOptions_GivesTheSameInOnnxRuntime() =>
        Gen.Select(
                Gen.Enum<ResNetStem>(),
                Gen.Enum<ResNetShortcut>(),
                Gen.Int[1, 2].Array[1, 3],
                Gen.Int[3, 5],
                Gen.Int[16, 21],
                Outputs
            )
            .Sample(
                (stem, shortcut, blocks, width, side, output) =>
                {
                    using var model = VisionModels.ResNet(
                        new ResNetOptions
                        {
                            Stem = stem,
                            Shortcut = shortcut,
                            BlockCounts = blocks,
                            Widths = [.. blocks.Select((_, index) => width + (3 * index))],
                            ImageHeight = side,
                            ImageWidth = 16,
                            Output = output,
                            Seed = 1,
                        }
                    );
                    Train(model, side);
                    OnnxAssert.Same(model, batch => randn(batch, 3, side, 16));
                },
                iter: 15,
                threads: 1
            );

    /// <summary>Gives batch normalisation means and variances of its own.</summary>
    private static void Train(ResNet model, int side)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        model.train();
        model.call(randn(8, 3, side, 16));
        model.eval();
    }

    private static void Check(RecurrentCase given)
    {
        using var model = SequenceModels.Build(given.Cell, given.Options);
        using var folder = new TempFolder();
        model.SaveOnnx(folder["model.onnx"], given.Export);
        using var run = new OnnxRun(folder["model.onnx"]);
        model.eval();
        foreach (var (batch, time) in new[] { (1L, 1L), (2L, 9L), (7L, 4L) })
        {
            using var scope = NewDisposeScope();
            using var noGradients = no_grad();
            var input = given.Images is null ? randn(batch, time, given.Features) : randn(batch, 2, 6, 4);
            var lengths = arange(batch).remainder(time) + 1;
            if (given.IsPadded)
            {
                for (int index = 0; index < batch; index++)
                {
                    input[index, TensorIndex.Slice(lengths[index].item<long>())] = 0;
                }
            }

            var expected = given.HasLengths ? model.forward(input, lengths) : model.call(input);
            var actual = given.HasLengths ? run.Run(input, lengths) : run.Run(input);
            OnnxAssert.Close(expected, actual, $"{given}, batch {batch}, time {time}");
        }
    }
}
