using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Inference;

/// <summary>Models that a page can hold, by name: each kind of layer, order, readout and head at least once.</summary>
internal static class PageModels
{
    private static readonly RecurrentOptions Rows = new() { HiddenSize = 32, Seed = 4 };

    public static IReadOnlyDictionary<string, Func<nn.Module<Tensor, Tensor>>> Grey { get; } =
        new Dictionary<string, Func<nn.Module<Tensor, Tensor>>>(StringComparer.Ordinal)
        {
            ["LeNet"] = () => LeNet(new LeNetOptions()),
            ["LeNet with tanh and means, for labels"] = () =>
                LeNet(
                    new LeNetOptions
                    {
                        Activation = ActivationFunction.Tanh,
                        Pooling = PoolingMode.Average,
                        KernelSize = 3,
                        Output = ModelOutput.Labels,
                    }
                ),
            ["Mlp with tanh"] = () =>
                VisionModels.Mlp(
                    new MlpOptions
                    {
                        HiddenSizes = [40, 20],
                        Activation = ActivationFunction.Tanh,
                        Dropout = 0.5,
                        Seed = 1,
                    }
                ),
            ["ResNet with padded shortcuts"] = () => ResNet(ResNetShortcut.Identity, ResNetStem.Small),
            ["ResNet with projections, for large images"] = () => ResNet(ResNetShortcut.Projection, ResNetStem.Large),
            ["Sequential with norms and poolings"] = Chain,
            ["RNN with ReLU, values"] = () =>
                SequenceModels.Rnn(
                    Rows with
                    {
                        Nonlinearity = ActivationFunction.ReLU,
                        Output = ModelOutput.Values,
                        ValueCount = 3,
                    }
                ),
            ["LSTM, two layers and directions, last"] = () =>
                SequenceModels.Lstm(Rows with { LayerCount = 2, Bidirectional = true }),
            ["GRU of columns, largest"] = () =>
                SequenceModels.Gru(Rows with { Sequence = ImageSequence.Columns, Readout = SequenceReadout.Max }),
            ["LSTM of patches, mean, padding"] = () =>
                SequenceModels.Lstm(
                    Rows with
                    {
                        Sequence = ImageSequence.Patches,
                        InputSize = 16,
                        Readout = SequenceReadout.Mean,
                        Bidirectional = true,
                        PaddingValue = -0.1307 / 0.3081, // black, as MNIST is normalised
                    }
                ),
            ["RNN of pixels"] = () => SequenceModels.Rnn(Rows with { Sequence = ImageSequence.Pixels, InputSize = 1 }),
        };

    public static IReadOnlyDictionary<string, Func<nn.Module<Tensor, Tensor>>> Colour { get; } =
        new Dictionary<string, Func<nn.Module<Tensor, Tensor>>>(StringComparer.Ordinal)
        {
            ["LeNet"] = () => VisionModels.LeNet(new LeNetOptions { Seed = 2 }),
            ["GRU"] = () => SequenceModels.Gru(Rows with { InputSize = 96 }),
        };

    public static nn.Module<Tensor, Tensor> LeNet(LeNetOptions options) =>
        VisionModels.LeNet(options with { InputChannels = 1, ImageHeight = 28, ImageWidth = 28, Seed = 3 });

    private static nn.Module<Tensor, Tensor> ResNet(ResNetShortcut shortcut, ResNetStem stem)
    {
        var model = VisionModels.ResNet(
            new ResNetOptions
            {
                InputChannels = 1,
                ImageHeight = 28,
                ImageWidth = 28,
                BlockCounts = [1, 2],
                Widths = [5, 8],
                Shortcut = shortcut,
                Stem = stem,
                Seed = 3,
            }
        );
        using var scope = NewDisposeScope();
        model.call(rand(64, 1, 28, 28, generator: new Generator(1))); // in training mode: means and variances move
        return model;
    }

    /// <summary>Each layer that a page can hold of an <c>nn.Sequential</c>, some of them nested.</summary>
    private static nn.Module<Tensor, Tensor> Chain()
    {
        using var seed = manual_seed(5);
        var features = nn.Sequential(
            nn.Conv2d(1, 6, 5, stride: 2, padding: 2, bias: false),
            nn.BatchNorm2d(6),
            nn.ReLU(),
            nn.MaxPool2d(3, stride: 2, padding: 1),
            nn.Dropout2d(0.2)
        );
        var model = nn.Sequential(
            ("features", features),
            ("conv", nn.Conv2d(6, 8, 3)),
            ("sigmoid", nn.Sigmoid()),
            ("mean", nn.AvgPool2d(2, padding: 1)),
            ("rest", nn.Sequential(nn.Conv2d(8, 12, 1), nn.Tanh(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Identity())),
            ("hidden", nn.Linear(12, 16, hasBias: false)),
            ("relu", nn.ReLU()),
            ("dropout", nn.Dropout(0.5)),
            ("fc", nn.Linear(16, 10))
        );
        using var scope = NewDisposeScope();
        model.call(rand(64, 1, 28, 28, generator: new Generator(1))); // in training mode: means and variances move
        return model;
    }

    /// <summary>Makes the weights larger, so that scores have the size that training gives them.</summary>
    public static nn.Module<Tensor, Tensor> Louder(this nn.Module<Tensor, Tensor> model)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        foreach (var (name, parameter) in model.named_parameters())
        {
            if (name is "fc.weight" or "fc3.weight")
            {
                parameter.mul_(20);
            }
        }

        return model;
    }
}
