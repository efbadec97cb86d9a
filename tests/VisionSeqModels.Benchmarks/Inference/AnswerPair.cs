using Microsoft.ML.OnnxRuntime;

namespace VisionSeqModels.Benchmarks.Inference;

/// <summary>The same answers by this library and by ONNX Runtime.</summary>
internal abstract class AnswerPair : IDisposable
{
    public const int BatchSize = 256;
    public const int Evaluated = 10_000;

    protected AnswerPair(int threads)
    {
        Folder = Directory.CreateTempSubdirectory("visionseq-inference-").FullName;
        Options = new SessionOptions { IntraOpNumThreads = threads, InterOpNumThreads = 1 };
        Options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0"); // it would take the other's turn
    }

    public abstract Action One { get; }

    public abstract Action OneByOnnx { get; }

    public abstract Action Batch { get; }

    public abstract Action BatchByOnnx { get; }

    public abstract Action Evaluate { get; }

    public abstract Action EvaluateByOnnx { get; }

    protected string Folder { get; }

    protected SessionOptions Options { get; }

    /// <summary>Runs ONNX Runtime on a batch, and ranks the scores of each of its rows.</summary>
    protected static void Run<T>(InferenceSession session, T[] numbers, long[] shape)
        where T : unmanaged
    {
        using var input = OrtValue.CreateTensorValueFromMemory(numbers, shape);
        using var run = new RunOptions();
        using var outputs = session.Run(run, session.InputNames, [input], session.OutputNames);
        var scores = outputs[0].GetTensorDataAsSpan<float>();
        int classes = scores.Length / (int)shape[0];
        for (int i = 0; i < shape[0]; i++)
        {
            Ranked(scores.Slice(i * classes, classes));
        }
    }

    /// <summary>Probabilities and their order, as a classifier of this library gives them.</summary>
    private static int[] Ranked(ReadOnlySpan<float> scores)
    {
        double[] powers = new double[scores.Length];
        int[] order = new int[scores.Length];
        float largest = float.NegativeInfinity;
        foreach (float score in scores)
        {
            largest = Math.Max(largest, score);
        }

        double sum = 0;
        for (int i = 0; i < scores.Length; i++)
        {
            sum += powers[i] = Math.Exp(scores[i] - largest);
            order[i] = i;
        }

        for (int i = 0; i < scores.Length; i++)
        {
            powers[i] /= -sum;
        }

        Array.Sort(powers, order);
        return order;
    }

    public virtual void Dispose()
    {
        Options.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
