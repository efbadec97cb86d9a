using TorchSharp.Modules;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Models;

/// <summary>Initial weights that differ from PyTorch's.</summary>
internal static class RecurrentInitialization
{
    private const int LstmGates = 4; // input, forget, cell, output, in PyTorch's order

    public static void Apply(nn.Module layers, RecurrentOptions options)
    {
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (name, parameter) in layers.named_parameters())
        {
            if (options.OrthogonalRecurrentWeights && name.StartsWith("weight_hh", StringComparison.Ordinal))
            {
                foreach (var gate in parameter.split(options.HiddenSize))
                {
                    nn.init.orthogonal_(gate);
                }
            }

            if (options.ForgetGateBias is double bias && name.StartsWith("bias_", StringComparison.Ordinal))
            {
                SetForgetGate(parameter, name.StartsWith("bias_ih", StringComparison.Ordinal) ? bias : 0);
            }
        }
    }

    private static void SetForgetGate(Parameter biases, double value)
    {
        long units = biases.size(0) / LstmGates;
        biases.narrow(0, units, units).fill_(Scalars.Of(value));
    }
}
