using CsCheck;
using VisionSeqModels.Models;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Checkpoints;

/// <summary>Models of each builder with options drawn at random, all of them small.</summary>
internal static class RandomModels
{
    private static readonly Gen<ModelOutput> Output = Gen.Enum<ModelOutput>();
    private static readonly Gen<long?> Seed = Gen.Select(Gen.Bool, Gen.Long, (has, seed) => has ? (long?)seed : null);

    public static Gen<Func<nn.Module<Tensor, Tensor>>> Of(string architecture) =>
        architecture switch
        {
            "lenet" => LeNet,
            "mlp" => Mlp,
            "resnet" => ResNet,
            "rnn" => Recurrent(RecurrentCell.Rnn),
            "lstm" => Recurrent(RecurrentCell.Lstm),
            "gru" => Recurrent(RecurrentCell.Gru),
            _ => throw new ArgumentOutOfRangeException(nameof(architecture), architecture, "no random options for it"),
        };

    /// <summary>A batch of two inputs that fits the model.</summary>
    public static Tensor Input(nn.Module<Tensor, Tensor> model)
    {
        long[] shape = [.. ((IConfiguredModel)model).InputShape!];
        shape[0] = 2;
        if (model is RecurrentClassifier)
        {
            shape[1] = 5;
        }

        return randn(shape);
    }

    private static Gen<Func<nn.Module<Tensor, Tensor>>> LeNet =>
        Gen.Select(
            Gen.Int[1, 4].Array[3],
            Gen.Int[16, 24].Array[2],
            Gen.Int[1, 5],
            Gen.Int[2, 12].Array[3],
            Gen.Enum<ActivationFunction>(),
            Gen.Enum<PoolingMode>(),
            Output,
            Seed,
            (channels, sides, kernel, sizes, activation, pooling, output, seed) =>
                (Func<nn.Module<Tensor, Tensor>>)(
                    () =>
                        VisionModels.LeNet(
                            new LeNetOptions
                            {
                                InputChannels = channels[0],
                                Conv1Channels = channels[1],
                                Conv2Channels = channels[2],
                                ImageHeight = sides[0],
                                ImageWidth = sides[1],
                                KernelSize = kernel,
                                Fc1Size = sizes[0],
                                Fc2Size = sizes[1],
                                ClassCount = sizes[2],
                                Activation = activation,
                                Pooling = pooling,
                                Output = output,
                                ValueCount = output == ModelOutput.Values ? sizes[0] : 1,
                                Seed = seed,
                            }
                        )
                )
        );

    private static Gen<Func<nn.Module<Tensor, Tensor>>> Mlp =>
        Gen.Select(
            Gen.Int[1, 5].Array[1, 3],
            Gen.Int[1, 7].Array[0, 3],
            Gen.Enum<ActivationFunction>(),
            Gen.Double[0, 0.9],
            Output,
            Gen.Int[2, 9],
            Seed,
            (input, hidden, activation, dropout, output, count, seed) =>
                (Func<nn.Module<Tensor, Tensor>>)(
                    () =>
                        VisionModels.Mlp(
                            new MlpOptions
                            {
                                InputShape = input,
                                HiddenSizes = hidden,
                                Activation = activation,
                                Dropout = dropout,
                                Output = output,
                                ClassCount = count,
                                ValueCount = output == ModelOutput.Values ? count : 1,
                                Seed = seed,
                            }
                        )
                )
        );

    private static Gen<Func<nn.Module<Tensor, Tensor>>> ResNet =>
        Gen.Select(
            Gen.Int[1, 3],
            Gen.Select(Gen.Int[1, 2], Gen.Int[1, 6]).Array[1, 4],
            Gen.Enum<ResNetStem>(),
            Gen.Enum<ResNetShortcut>(),
            Output,
            Gen.Int[2, 9],
            Seed,
            (channels, stages, stem, shortcut, output, count, seed) =>
                (Func<nn.Module<Tensor, Tensor>>)(
                    () =>
                        VisionModels.ResNet(
                            new ResNetOptions
                            {
                                InputChannels = channels,
                                Stem = stem,
                                BlockCounts = [.. stages.Select(stage => stage.Item1)],
                                Widths =
                                    shortcut == ResNetShortcut.Identity
                                        ? [.. stages.Select(stage => stage.Item2).Order()]
                                        : [.. stages.Select(stage => stage.Item2)],
                                Shortcut = shortcut,
                                Output = output,
                                ClassCount = count,
                                ValueCount = output == ModelOutput.Values ? count : 1,
                                Seed = seed,
                            }
                        )
                )
        );

    private static Gen<Func<nn.Module<Tensor, Tensor>>> Recurrent(RecurrentCell cell) =>
        Gen.Select(
            Gen.Int[1, 9].Array[2],
            Gen.Int[1, 3],
            Gen.Bool.Array[3],
            Gen.Double[-2, 2].Array[3],
            Gen.Enum<SequenceReadout>(),
            Output,
            Gen.Int[2, 9].Array[2],
            Seed,
            (sizes, layers, flags, numbers, readout, output, counts, seed) =>
                (Func<nn.Module<Tensor, Tensor>>)(
                    () =>
                        SequenceModels.Build(
                            cell,
                            new RecurrentOptions
                            {
                                InputSize = sizes[0],
                                HiddenSize = sizes[1],
                                LayerCount = layers,
                                Bidirectional = flags[0],
                                Dropout = layers > 1 ? Math.Abs(numbers[0]) / 3 : 0,
                                Nonlinearity =
                                    cell == RecurrentCell.Rnn && flags[1] ? ActivationFunction.ReLU : ActivationFunction.Tanh,
                                Readout = readout,
                                Output = output,
                                ClassCount = counts[0],
                                ValueCount = output == ModelOutput.Values ? counts[1] : 1,
                                PaddingValue = flags[2] && readout != SequenceReadout.EachStep ? numbers[1] : null,
                                ForgetGateBias = cell == RecurrentCell.Lstm ? numbers[2] : null,
                                OrthogonalRecurrentWeights = flags[1],
                                Seed = seed,
                            }
                        )
                )
        );
}
