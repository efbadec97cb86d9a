using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Checkpoints;

/// <summary>How a file of weights fits a model.</summary>
public sealed class WeightsReport
{
    private WeightsReport(
        IReadOnlyList<string> loaded,
        IReadOnlyList<string> missing,
        IReadOnlyList<string> unexpected,
        IReadOnlyList<string> mismatched
    )
    {
        Loaded = loaded;
        Missing = missing;
        Unexpected = unexpected;
        Mismatched = mismatched;
    }

    /// <summary>Names of the tensors that fit.</summary>
    public IReadOnlyList<string> Loaded { get; }

    /// <summary>Names in the model that the file lacks.</summary>
    public IReadOnlyList<string> Missing { get; }

    /// <summary>Names in the file that the model lacks.</summary>
    public IReadOnlyList<string> Unexpected { get; }

    /// <summary>For each tensor whose shape or dtype differs, a text with both.</summary>
    public IReadOnlyList<string> Mismatched { get; }

    /// <summary>True where file and model have the same names, shapes and dtypes.</summary>
    public bool IsComplete => Missing.Count == 0 && Unexpected.Count == 0 && Mismatched.Count == 0;

    internal static WeightsReport Compare(IReadOnlyDictionary<string, Tensor> model, IReadOnlyDictionary<string, Tensor> file)
    {
        var shared = model.Keys.Where(file.ContainsKey).ToList();
        var fitting = shared
            .Where(name => model[name].dtype == file[name].dtype && model[name].shape.AsSpan().SequenceEqual(file[name].shape))
            .ToHashSet(StringComparer.Ordinal);
        return new WeightsReport(
            [.. shared.Where(fitting.Contains)],
            [.. model.Keys.Where(name => !file.ContainsKey(name))],
            [.. file.Keys.Where(name => !model.ContainsKey(name))],
            [
                .. shared
                    .Where(name => !fitting.Contains(name))
                    .Select(name => $"{name} is {Text(file[name])} in the file and {Text(model[name])} in the model"),
            ]
        );
    }

    private static string Text(Tensor tensor) => $"{tensor.dtype} {Shape.Of(tensor)}";
}
