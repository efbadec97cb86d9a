using static TorchSharp.torch;

namespace VisionSeqModels.Models;

/// <summary>Checks that a model and its input have one dtype. oneDNN ends the process where an LSTM's differ.</summary>
internal static class InputDtype
{
    /// <exception cref="ArgumentException">The dtypes differ.</exception>
    public static void Check(string model, IEnumerable<Tensor> weights, Tensor input)
    {
        foreach (var weight in weights)
        {
            if (weight.dtype != input.dtype)
            {
                throw new ArgumentException(
                    $"{model} has weights of dtype {weight.dtype} but received an input of dtype {input.dtype}. Convert one of "
                        + "the two: model.to(input.dtype), or input.to_type(…)."
                );
            }
        }
    }
}
