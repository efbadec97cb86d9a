using VisionSeqModels.Checkpoints;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Models;

/// <summary>Known answers computed by PyTorch 1.13 for the same weights (TestData/reference/README.md).</summary>
[Collection("Torch")]
public sealed class ReferenceTests
{
    private const double Tolerance = 1e-5;

    public static TheoryData<string> Cases =>
        new("lenet_3x32x32", "lenet_1x28x28_fc256", "rnn_h64", "lstm_h64", "gru_h64", "lstm_2layer_h32");

    [Theory]
    [MemberData(nameof(Cases))]
    public void Forward_WithPyTorchWeights_GivesItsLogitsAndLoss(string name)
    {
        using var reference = new Reference(name);
        using var model = reference.Build();
        using var scope = NewDisposeScope();
        var logits = model.call(reference["x"]);
        TensorAssert.Close(reference["logits"], logits, Tolerance, "logits");
        TensorAssert.Close(reference["loss"], Losses.CrossEntropy().Compute(logits, reference["y"]), Tolerance, "loss");
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Backward_WithPyTorchWeights_GivesEveryGradient(string name)
    {
        using var reference = new Reference(name);
        using var model = reference.Build();
        using var scope = NewDisposeScope();
        var input = reference["x"].clone().requires_grad_();
        Losses.CrossEntropy().Compute(model.call(input), reference["y"]).backward();
        TensorAssert.Close(reference["dx"], input.grad!, Tolerance, "dx");
        foreach (var (parameter, value) in model.named_parameters())
        {
            TensorAssert.Close(reference["grad." + parameter], value.grad!, Tolerance, parameter);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void ThreeSteps_OfAdamAndSgd_GivePyTorchWeights(string name)
    {
        AssertThreeSteps(name, "adam3.", new AdamOptions { LearningRate = 1e-3 });
        AssertThreeSteps(name, "sgd3.", new SgdOptions { LearningRate = 1e-2, Momentum = 0.9 });
    }

    private static void AssertThreeSteps(string name, string prefix, OptimizerOptions options)
    {
        using var reference = new Reference(name);
        using var model = reference.Build();
        using var optimizer = options.Create(model);
        for (int step = 0; step < 3; step++)
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            Losses.CrossEntropy().Compute(model.call(reference["x"]), reference["y"]).backward();
            optimizer.step();
        }

        foreach (var (parameter, value) in model.named_parameters())
        {
            TensorAssert.Close(reference[prefix + parameter], value, Tolerance, prefix + parameter);
        }
    }

    private sealed class Reference(string name) : IDisposable
    {
        private readonly SafetensorsContent _file = Safetensors.Read(
            Path.Combine(AppContext.BaseDirectory, "TestData", "reference", name + ".safetensors")
        );

        public Tensor this[string tensor] => _file.Tensors[tensor];

        public nn.Module<Tensor, Tensor> Build()
        {
            nn.Module<Tensor, Tensor> model = name.Split('_')[0] switch
            {
                "lenet" => VisionModels.LeNet(
                    new LeNetOptions
                    {
                        InputChannels = (int)this["x"].size(1),
                        ImageHeight = (int)this["x"].size(2),
                        ImageWidth = (int)this["x"].size(3),
                        Fc1Size = (int)this["w0.fc1.weight"].size(0),
                    }
                ),
                "rnn" => SequenceModels.Rnn(Sizes()),
                "lstm" => SequenceModels.Lstm(Sizes()),
                _ => SequenceModels.Gru(Sizes()),
            };
            Assert.Equal(
                _file.Tensors.Keys.Where(key => key.StartsWith("w0.", StringComparison.Ordinal)).Select(key => key[3..]),
                model.named_parameters().Select(entry => entry.name)
            );
            using var noGradients = no_grad();
            foreach (var (parameter, value) in model.named_parameters())
            {
                value.copy_(this["w0." + parameter]);
            }

            return model;
        }

        private RecurrentOptions Sizes() =>
            new()
            {
                InputSize = (int)this["x"].size(2),
                HiddenSize = (int)this["w0.rnn.weight_hh_l0"].size(1),
                LayerCount = _file.Tensors.Keys.Count(key => key.StartsWith("w0.rnn.weight_hh_l", StringComparison.Ordinal)),
            };

        public void Dispose() => _file.Dispose();
    }
}
