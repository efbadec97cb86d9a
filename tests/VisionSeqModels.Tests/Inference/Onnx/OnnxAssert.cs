using System.Globalization;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Inference;

/// <summary>Asserts that a model and its file give the same.</summary>
internal static class OnnxAssert
{
    /// <summary>Of the largest output: of the batch, or of 32 samples.</summary>
    public const double Tolerance = 1e-5;

    /// <summary>Saves a model and runs it in ONNX Runtime, with batches of 1, 2 and 7.</summary>
    /// <param name="model">The model.</param>
    /// <param name="input">What the file takes, by the size of the batch.</param>
    /// <param name="options">The options.</param>
    /// <param name="expected">What the file gives; null: what the model gives for the same input.</param>
    public static void Same(
        nn.Module<Tensor, Tensor> model,
        Func<long, Tensor> input,
        OnnxOptions? options = null,
        Func<Tensor, Tensor>? expected = null
    )
    {
        using var folder = new TempFolder();
        model.SaveOnnx(folder["model.onnx"], options);
        using var run = new OnnxRun(folder["model.onnx"]);
        model.eval();
        expected ??= model.call;
        // a single output may be small by chance
        double usual = options?.DynamicBatch == false ? 0 : Largest(expected, input(32));
        foreach (long batch in options?.DynamicBatch == false ? [1L] : (long[])[1, 2, 7])
        {
            using var scope = NewDisposeScope();
            using var noGradients = no_grad();
            var taken = input(batch);
            Close(expected(taken), run.Run(taken), $"{model.GetName()}, batch {batch}", usual);
        }
    }

    /// <param name="usual">How large outputs usually are, where it is known.</param>
    public static void Close(Tensor expected, Tensor actual, string what, double usual = 0)
    {
        Assert.Equal(expected.shape, actual.shape);
        double largest = Math.Max(usual, expected.abs().max().item<float>());
        double difference = (expected - actual).abs().max().item<float>();
        Assert.True(
            difference <= Tolerance * Math.Max(largest, 1e-3),
            string.Create(CultureInfo.InvariantCulture, $"{what}: {difference:g3} apart, where the largest is {largest:g3}")
        );
    }

    private static double Largest(Func<Tensor, Tensor> model, Tensor input)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using (input)
        {
            return model(input).abs().max().item<float>();
        }
    }
}
