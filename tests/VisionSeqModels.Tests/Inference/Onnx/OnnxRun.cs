using Microsoft.ML.OnnxRuntime;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Inference;

/// <summary>A file in ONNX Runtime, with its shape inference at its strictest.</summary>
internal sealed class OnnxRun : IDisposable
{
    private readonly SessionOptions _options = new() { IntraOpNumThreads = 1 };

    public OnnxRun(string path)
    {
        _options.AddSessionConfigEntry("session.strict_shape_type_inference", "1");
        Session = new InferenceSession(path, _options);
    }

    public InferenceSession Session { get; }

    public IReadOnlyDictionary<string, string> Metadata => Session.ModelMetadata.CustomMetadataMap;

    /// <summary>The first output; the inputs are those of the file, in order.</summary>
    public Tensor Run(params Tensor[] inputs)
    {
        var values = inputs.Select(Value).ToList();
        try
        {
            using var options = new RunOptions();
            using var outputs = Session.Run(options, [.. Session.InputNames], values, [.. Session.OutputNames]);
            long[] shape = outputs[0].GetTensorTypeAndShape().Shape;
            return tensor(outputs[0].GetTensorDataAsSpan<float>().ToArray()).reshape(shape);
        }
        finally
        {
            values.ForEach(value => value.Dispose());
        }
    }

    public void Dispose()
    {
        Session.Dispose();
        _options.Dispose();
    }

    private static OrtValue Value(Tensor input) =>
        input.dtype switch
        {
            ScalarType.Byte => OrtValue.CreateTensorValueFromMemory(input.data<byte>().ToArray(), input.shape),
            ScalarType.Int64 => OrtValue.CreateTensorValueFromMemory(input.data<long>().ToArray(), input.shape),
            _ => OrtValue.CreateTensorValueFromMemory(input.data<float>().ToArray(), input.shape),
        };
}
