using static TorchSharp.torch;

namespace VisionSeqModels.Tests;

/// <summary>Two inputs, one hidden layer, two classes; the smallest thing that trains.</summary>
internal static class TinyModel
{
    public static nn.Module<Tensor, Tensor> Create(long seed = 1, double dropout = 0)
    {
        manual_seed(seed);
        return nn.Sequential(
            ("hidden", nn.Linear(2, 8)),
            ("tanh", nn.Tanh()),
            ("dropout", nn.Dropout(dropout)),
            ("out", nn.Linear(8, 2))
        );
    }
}
