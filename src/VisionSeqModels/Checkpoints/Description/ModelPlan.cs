using VisionSeqModels.Core;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Checkpoints;

/// <summary>A model that a file describes, before it is built: the shapes of its weights, and what builds it.</summary>
internal sealed class ModelPlan(Func<IEnumerable<WeightShape>> shapes, Func<nn.Module<Tensor, Tensor>> build)
{
    /// <summary>The names of the weights, which may be very many.</summary>
    public IEnumerable<string> Names => shapes().Select(shape => shape.Name);

    /// <summary>Compares the options with the weights that are in the file, so that no more is allocated than the file
    /// holds.</summary>
    /// <exception cref="InvalidDataException">A weight is missing, has another shape, or is one too many.</exception>
    public void Check(string path, IReadOnlyDictionary<string, long[]> stored)
    {
        try
        {
            var asked = new HashSet<string>(StringComparer.Ordinal);
            foreach (var (name, shape) in shapes()) // stops at the first fault, however many weights the options ask for
            {
                if (!stored.TryGetValue(name, out long[]? actual) || !actual.AsSpan().SequenceEqual(shape))
                {
                    throw new InvalidDataException(
                        $"The options in '{path}' ask for the weight {name} of shape {Shape.Of(shape)}, but the file "
                            + $"{(actual is null ? "lacks it" : $"has it with {Shape.Of(actual)}")}. Save the model again."
                    );
                }

                asked.Add(name);
            }

            if (stored.Keys.FirstOrDefault(name => !asked.Contains(name)) is string other)
            {
                throw new InvalidDataException(
                    $"The options in '{path}' do not ask for the weight {PlainText.Of(other)}, which the file has. Save the "
                        + "model again."
                );
            }
        }
        catch (OverflowException e)
        {
            throw new InvalidDataException(
                $"The options in '{path}' ask for a weight of more than 2^63 values. Save the model again.",
                e
            );
        }
    }

    /// <summary>Builds the model and leaves the random generator as it was.</summary>
    /// <exception cref="InvalidDataException">The options are out of range.</exception>
    public nn.Module<Tensor, Tensor> Build(string path)
    {
        TorchRuntime.EnsureAvailable();
        try
        {
            return GlobalGenerator.WithSeed(0, build);
        }
        catch (InvalidOptionsException e)
        {
            throw new InvalidDataException($"The options in '{path}' cannot be used: {e.Message}", e);
        }
    }
}
