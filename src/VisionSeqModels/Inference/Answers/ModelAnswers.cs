using System.Globalization;
using VisionSeqModels.Models;
using static TorchSharp.torch;

namespace VisionSeqModels.Inference;

/// <summary>Turns a model's outputs into answers: classes, labels or values.</summary>
internal sealed class ModelAnswers
{
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
        return new Classification(_names, scores, _output == ModelOutput.Labels ? scores.Select(Sigmoid) : Softmax(scores));
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

    private static double Sigmoid(float score) => 1 / (1 + Math.Exp(-score));

    private static double[] Softmax(float[] scores)
    {
        double largest = scores.Max();
        double[] powers = [.. scores.Select(score => Math.Exp(score - largest))];
        double sum = powers.Sum();
        return [.. powers.Select(power => power / sum)];
    }
}
