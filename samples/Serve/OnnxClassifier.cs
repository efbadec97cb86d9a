using Microsoft.ML.OnnxRuntime;

namespace VisionSeqModels.Samples.Serve;

/// <summary>A model in ONNX Runtime that reads pixels. Any number of threads may call it at once.</summary>
internal sealed class OnnxClassifier : IDisposable
{
    private readonly InferenceSession _session;
    private readonly string _input;
    private readonly string _output;
    private readonly Func<float[], float[]>? _activation;

    private OnnxClassifier(InferenceSession session, ServeOptions options)
    {
        _session = session;
        (_input, var input) = session.InputMetadata.First();
        (_output, var output) = session.OutputMetadata.First();
        if (
            session.InputMetadata.Count != 1
            || !input.IsTensor
            || input.ElementType != typeof(byte)
            || input.Dimensions is not [_, 1 or 3, > 0, > 0]
        )
        {
            throw new InvalidDataException(
                $"'{options.Model}' must take pixels, uint8 [batch, 1 or 3 channels, height, width], but takes "
                    + $"{Text(input)}. Export it with SaveOnnx(path, data), which puts the normalisation into the graph."
            );
        }

        if (!output.IsTensor || output.ElementType != typeof(float) || output.Dimensions is not [_, > 0])
        {
            throw new InvalidDataException(
                $"'{options.Model}' must give numbers, float32 [batch, outputs], but gives {Text(output)}."
            );
        }

        var metadata = ServedMetadata.Read(options.Model, session.ModelMetadata.CustomMetadataMap, output.Dimensions[1]);
        _activation = metadata.Activation;
        Preparation = new ImagePreparation
        {
            Channels = input.Dimensions[1],
            Height = input.Dimensions[2],
            Width = input.Dimensions[3],
            Resize = options.Resize ?? metadata.Resize ?? ImageResize.ShorterSide,
            Background = options.Background ?? metadata.Background ?? new ImagePreparation().Background,
        };
        Description = new ModelInfo(metadata.Classes, Preparation.Channels, Preparation.Height, Preparation.Width);
    }

    /// <summary>What the page and clients may want to know.</summary>
    public ModelInfo Description { get; }

    /// <summary>How a picture becomes the model's image.</summary>
    public ImagePreparation Preparation { get; }

    /// <exception cref="InvalidDataException">The file is no ONNX model, or not one of pixels.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static OnnxClassifier Load(ServeOptions options)
    {
        if (!File.Exists(options.Model))
        {
            throw new FileNotFoundException($"The model '{options.Model}' is not there. Write it with SaveOnnx(path, data).");
        }

        using var settings = new Microsoft.ML.OnnxRuntime.SessionOptions
        {
            IntraOpNumThreads = 1, // requests run beside each other; each needs one thread
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
        };
        InferenceSession session;
        try
        {
            session = new InferenceSession(options.Model, settings);
        }
        catch (OnnxRuntimeException e)
        {
            throw new InvalidDataException($"ONNX Runtime cannot load '{options.Model}': {e.Message}", e);
        }

        try
        {
            return new OnnxClassifier(session, options);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Computes the answer for one image, as <see cref="Preparation"/> makes it: probabilities where the model gives
    /// scores of classes or labels, else what it gives.</summary>
    public float[] Run(byte[] image)
    {
        long[] shape = [1, Preparation.Channels, Preparation.Height, Preparation.Width];
        using var pixels = OrtValue.CreateTensorValueFromMemory(image, shape);
        using var options = new RunOptions();
        using var outputs = _session.Run(options, [_input], [pixels], [_output]);
        float[] values = outputs[0].GetTensorDataAsSpan<float>().ToArray();
        return _activation?.Invoke(values) ?? values;
    }

    public void Dispose() => _session.Dispose();

    private static string Text(NodeMetadata node) =>
        node.IsTensor ? $"{node.ElementType} [{string.Join(", ", node.Dimensions)}]" : "no tensor";
}
