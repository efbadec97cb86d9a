using VisionSeqModels.Data;
using VisionSeqModels.Inference;
using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>Writes models as ONNX files, which ONNX Runtime and other engines run without libtorch.</summary>
public static class OnnxExtensions
{
    /// <summary>Writes a model, as it is in evaluation mode, to an ONNX file: all of it, or nothing.</summary>
    /// <remarks>The models of this library, <c>nn.Sequential</c> of common layers, and modules that implement
    /// <see cref="IOnnxConvertible"/> can be written. Before anything is written, the graph is evaluated and compared with
    /// the model on two small random inputs. The model stays as it is.</remarks>
    /// <param name="model">The model, float32, on any device.</param>
    /// <param name="path">The file, for example <c>model.onnx</c>; a file of that name is replaced.</param>
    /// <param name="options">What the graph takes and gives; null for the defaults.</param>
    /// <exception cref="InvalidOptionsException">Options out of range, or that do not fit the model.</exception>
    /// <exception cref="NotSupportedException">A part of the model cannot be exported; the message says which and
    /// where.</exception>
    /// <exception cref="InvalidOperationException">The model cannot take such an input, or the graph gives other numbers than
    /// the model.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void SaveOnnx(this nn.Module<Tensor, Tensor> model, string path, OnnxOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(path);
        OnnxExport.Save(model, path, options ?? new OnnxOptions());
    }

    /// <summary>Writes a model with what the data say: the shape of a sample, names of classes, and how raw values become
    /// inputs. So the graph takes pixels or measured features.</summary>
    /// <param name="model">The model, float32, on any device.</param>
    /// <param name="path">The file, for example <c>model.onnx</c>; a file of that name is replaced.</param>
    /// <param name="data">Data like those that the model learned from: an <see cref="IImageSource"/> or an
    /// <see cref="ISequenceSource"/>. Other sources say nothing.</param>
    /// <param name="options">Further settings; what they give goes before what the data say.</param>
    /// <inheritdoc cref="SaveOnnx(nn.Module{Tensor, Tensor}, string, OnnxOptions?)"/>
    public static void SaveOnnx(this nn.Module<Tensor, Tensor> model, string path, IBatchSource data, OnnxOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        SaveOnnx(model, path, OnnxData.Complete(options ?? new OnnxOptions(), model, data));
    }

    /// <summary>The same with the data set that the model learned from.</summary>
    /// <param name="model">The model, float32, on any device.</param>
    /// <param name="path">The file, for example <c>model.onnx</c>; a file of that name is replaced.</param>
    /// <param name="data">The data set.</param>
    /// <param name="options">Further settings; what they give goes before what the data say.</param>
    /// <inheritdoc cref="SaveOnnx(nn.Module{Tensor, Tensor}, string, OnnxOptions?)"/>
    public static void SaveOnnx(
        this nn.Module<Tensor, Tensor> model,
        string path,
        ImageDatasets data,
        OnnxOptions? options = null
    )
    {
        ArgumentNullException.ThrowIfNull(data);
        SaveOnnx(model, path, data.Train, options);
    }
}
