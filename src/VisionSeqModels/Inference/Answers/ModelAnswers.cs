using System.Globalization;
using VisionSeqModels.Models;
using static TorchSharp.torch;

namespace VisionSeqModels.Inference;

/// <summary>Turns a model's outputs into answers: classes, labels or values.</summary>
internal sealed class ModelAnswers
{
    private const int MostOnTheStack = 1024;

    private readonly ModelDescription _description;
    private readonly ModelOutput _output;
    private readonly string _path;
    private IReadOnlyList<string>? _names;

    /// <param name="model">The model; how many outputs a module of the user's has is known at its first answer.</param>
    /// <param name="path">Its file, for messages.</param>
    /// <exception cref="InvalidDataException">The file describes another number of outputs than the model has.</exception>
    public ModelAnswers(SharedModel model, string path)
    {
        (_description, _output, _path) = (model.Description, model.Output, path);
        if (OutputCount(model.Model) is int count)
        {
            Check(count);
        }
    }

    /// <exception cref="InvalidOperationException">The outputs are values.</exception>
    public void RequireClasses()
    {
        if (_output == ModelOutput.Values)
        {
            throw new InvalidOperationException(
                $"The model '{_description.Architecture}' answers with values, not with classes. Call Regress."
            );
        }
    }

    /// <exception cref="InvalidOperationException">The outputs are classes or labels.</exception>
    public void RequireValues()
    {
        if (_output != ModelOutput.Values)
        {
            throw new InvalidOperationException(
                $"The model '{_description.Architecture}' answers with {_output.ToString().ToLowerInvariant()}, not with values. "
                    + "Call Classify."
            );
        }
    }

    /// <exception cref="InvalidDataException">The file names another number of classes.</exception>
    public Classification Classification(float[] scores)
    {
        Check(scores.Length);
        _names ??= _description.ClassNames ?? [.. Enumerable.Range(0, scores.Length).Select(Number)];
        Span<double> probabilities =
            scores.Length <= MostOnTheStack ? stackalloc double[scores.Length] : new double[scores.Length];
        if (_output == ModelOutput.Labels)
        {
            Sigmoid(scores, probabilities);
        }
        else
        {
            Softmax(scores, probabilities);
        }

        return new Classification(_names, scores, probabilities);
    }

    /// <summary>Values in the units of the targets that the model was trained on.</summary>
    /// <exception cref="InvalidDataException">The file has the units of another number of targets.</exception>
    public double[] Values(float[] outputs)
    {
        Check(outputs.Length);
        return _description.Targets is { } targets
            ? [.. outputs.Select((value, i) => (value * targets.StandardDeviation[i]) + targets.Mean[i])]
            : [.. outputs.Select(value => (double)value)];
    }

    private static int? OutputCount(nn.Module model) =>
        model switch
        {
            LeNet lenet => lenet.Options.OutputCount,
            Mlp mlp => mlp.Options.OutputCount,
            ResNet resnet => resnet.Options.OutputCount,
            RecurrentClassifier recurrent => recurrent.Options.OutputCount,
            _ => null,
        };

    private void Check(int outputs)
    {
        if (_output != ModelOutput.Values && _description.ClassNames is { } names && names.Count != outputs)
        {
            throw new InvalidDataException(
                $"'{_path}' names {names.Count} classes, but its model has {outputs} outputs. Save the model with data of its "
                    + "own classes, or with a description that names each output or none."
            );
        }

        if (_output == ModelOutput.Values && _description.Targets is { } targets && targets.Mean.Count != outputs)
        {
            throw new InvalidDataException(
                $"'{_path}' has the units of {targets.Mean.Count} targets, but its model has {outputs} outputs. Save the model "
                    + "with its own data, or with a description whose Targets has a number for each output."
            );
        }
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static void Sigmoid(float[] scores, Span<double> probabilities)
    {
        for (int i = 0; i < scores.Length; i++)
        {
            probabilities[i] = 1 / (1 + Math.Exp(-scores[i]));
        }
    }

    private static void Softmax(float[] scores, Span<double> probabilities)
    {
        double largest = scores.Max();
        double sum = 0;
        for (int i = 0; i < scores.Length; i++)
        {
            sum += probabilities[i] = Math.Exp(scores[i] - largest);
        }

        foreach (ref double probability in probabilities)
        {
            probability /= sum;
        }
    }
}
