using TorchSharp;
using VisionSeqModels.Models;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Errors;

/// <summary>Reproductions of what can go wrong with options, libtorch and models, by the ids of docs/errors.</summary>
internal static class ModelErrors
{
    public static IEnumerable<(string Id, Action<TempFolder> Cause)> All =>
        [
            ("options-one", _ => new Trainer(TrainingErrors.Options with { Epochs = 0 })),
            (
                "options-several",
                _ => new Trainer(
                    TrainingErrors.Options with
                    {
                        Epochs = 0,
                        Optimizer = new SgdOptions { LearningRate = -0.5 },
                    }
                )
            ),
            ("backend-missing", _ => throw Backend(loadError: null, deployed: false)),
            ("backend-libstdcxx", _ => throw Backend("version `GLIBCXX_3.4.32' not found", deployed: true)),
            ("backend-broken", _ => throw Backend("libgomp.so.1: cannot open shared object file", deployed: true)),
            ("device-name", _ => Devices.Resolve("gpu")),
            ("device-missing", _ => Devices.Resolve("cuda:99")),
            ("model-memory", _ => SequenceModels.Lstm(new RecurrentOptions { HiddenSize = 2_000_000 })),
            ("model-dtype", _ => VisionModels.LeNet().to(ScalarType.Float64).call(zeros(1, 3, 32, 32))),
            ("model-weight-shape", _ => WithAShortBias().call(zeros(2, 1, 28, 28))),
            ("model-cell", _ => SequenceModels.Build((RecurrentCell)9)),
            ("lenet-input", _ => VisionModels.LeNet().call(zeros(2, 1, 28, 28))),
            ("lenet-order", _ => VisionModels.LeNet().call(zeros(2, 32, 32, 3))),
            ("mlp-input", _ => VisionModels.Mlp().call(zeros(2, 3, 28, 28))),
            ("resnet-input", _ => VisionModels.ResNet().call(zeros(2, 1, 28, 28))),
            ("resnet-order", _ => VisionModels.ResNet().call(zeros(2, 28, 28, 3))),
            ("resnet-depth", _ => ResNetOptions.OfDepth(21)),
            ("recurrent-order", _ => SequenceModels.Rnn().call(zeros(2, 28, 28, 1))),
            ("recurrent-input", _ => SequenceModels.Rnn().call(zeros(2, 1, 20, 20))),
            (
                "recurrent-patches",
                _ =>
                    SequenceModels
                        .Rnn(
                            new RecurrentOptions
                            {
                                Sequence = ImageSequence.Patches,
                                PatchSize = 5,
                                InputSize = 25,
                            }
                        )
                        .call(zeros(2, 1, 28, 28))
            ),
            (
                "recurrent-padding",
                _ => SequenceModels.Rnn(new RecurrentOptions { InputSize = 2, PaddingValue = 0.5 }).call(full([2, 3, 2], 0.5))
            ),
            (
                "recurrent-lengths",
                _ => SequenceModels.Rnn(new RecurrentOptions { InputSize = 2 }).forward(zeros(2, 3, 2), tensor(new long[] { 1 }))
            ),
            (
                "recurrent-length",
                _ =>
                    SequenceModels
                        .Rnn(new RecurrentOptions { InputSize = 2 })
                        .forward(zeros(2, 3, 2), tensor(new long[] { 1, 4 }))
            ),
            ("summary-shape", _ => TinyModel.Create().Summary()),
        ];

    private static RecurrentClassifier WithAShortBias()
    {
        using var noGradients = no_grad();
        var model = SequenceModels.Gru();
        model.Layers.named_parameters().First(entry => entry.name == "bias_hh_l0").parameter.set_(zeros(4));
        return model;
    }

    /// <summary>What a user without a working libtorch meets; this process has one.</summary>
    private static TorchBackendException Backend(string? loadError, bool deployed)
    {
        var failure = new NotSupportedException("no backend");
        return new TorchBackendException(TorchBackendAdvice.For(failure, loadError, deployed), failure);
    }
}
