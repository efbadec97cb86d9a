using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Kernels;

/// <summary>The models that use autograd functions of the library, and inputs for them.</summary>
internal static class FaultyModels
{
    private static readonly Dictionary<string, (Func<nn.Module<Tensor, Tensor>> New, long[] Input)> All = new()
    {
        ["LeNet"] = (() => VisionModels.LeNet(new LeNetOptions { Seed = 1 }), [16, 3, 32, 32]),
        ["tanh LeNet"] = (
            () => VisionModels.LeNet(new LeNetOptions { Seed = 1, Activation = ActivationFunction.Tanh }),
            [16, 3, 32, 32]
        ),
        ["RNN"] = (() => SequenceModels.Rnn(new RecurrentOptions { Seed = 1, HiddenSize = 32 }), [8, 1, 6, 28]),
        ["LSTM"] = (() => SequenceModels.Lstm(new RecurrentOptions { Seed = 1, HiddenSize = 32 }), [8, 1, 6, 28]),
        ["GRU"] = (() => SequenceModels.Gru(new RecurrentOptions { Seed = 1, HiddenSize = 32 }), [8, 1, 6, 28]),

        // the scratch of 16 or 32 threads is more than 2 GiB
        ["wide LeNet"] = (() => VisionModels.LeNet(Wide), [128, 3, 12, 12]),
        ["wide tanh LeNet"] = (() => VisionModels.LeNet(Wide with { Activation = ActivationFunction.Tanh }), [128, 3, 12, 12]),
        ["wide RNN"] = (() => SequenceModels.Rnn(new RecurrentOptions { Seed = 1, HiddenSize = 4096 }), [128, 1, 2, 28]),
        ["wide LSTM"] = (() => SequenceModels.Lstm(new RecurrentOptions { Seed = 1, HiddenSize = 2048 }), [128, 1, 2, 28]),
        ["wide GRU"] = (() => SequenceModels.Gru(new RecurrentOptions { Seed = 1, HiddenSize = 2400 }), [128, 1, 2, 28]),
    };

    public static IEnumerable<string> Names => All.Keys.Where(name => !name.StartsWith("wide", StringComparison.Ordinal));

    private static LeNetOptions Wide =>
        new()
        {
            Seed = 1,
            ImageHeight = 12,
            ImageWidth = 12,
            KernelSize = 3,
            Conv1Channels = 512,
            Conv2Channels = 1024,
        };

    public static nn.Module<Tensor, Tensor> New(string name) => All[name].New();

    public static Tensor Input(string name) => rand(All[name].Input, generator: new Generator(1));
}
