using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Checkpoints;

/// <summary>How a file of weights fits a model.</summary>
public sealed class WeightsReport
{
    private WeightsReport(IReadOnlyDictionary<string, Tensor> model, IReadOnlyDictionary<string, Tensor> file, bool exact)
    {
        string prefix = exact ? "" : WeightsPrefix.Find([.. model.Keys], [.. file.Keys]);
        var named = new Dictionary<string, string>(StringComparer.Ordinal); // the model's name to the file's
        foreach (string name in file.Keys.OrderBy(name => WeightsPrefix.Without(prefix, name) != name))
        {
            named.TryAdd(WeightsPrefix.Without(prefix, name), name);
        }

        var found = model.Keys.Where(named.ContainsKey).ToList();
        var fitting = found.Where(name => Fits(model[name], file[named[name]], exact)).ToList();
        Prefix = prefix;
        Sources = fitting.ToDictionary(name => name, name => named[name], StringComparer.Ordinal);
        Loaded = fitting;
        Missing = [.. model.Keys.Where(name => !named.ContainsKey(name))];
        Unexpected =
        [
            .. file.Keys.Where(name =>
                !model.ContainsKey(WeightsPrefix.Without(prefix, name)) || named[WeightsPrefix.Without(prefix, name)] != name
            ),
        ];
        Mismatched =
        [
            .. found
                .Except(fitting, StringComparer.Ordinal)
                .Select(name => $"{name} is {Text(file[named[name]])} in the file and {Text(model[name])} in the model"),
        ];
        Converted =
        [
            .. fitting
                .Where(name => file[named[name]].dtype != model[name].dtype)
                .Select(name => $"{name} from {file[named[name]].dtype} to {model[name].dtype}"),
        ];
        FileNames = [.. file.Keys];
        ModelNames = [.. model.Keys];
    }

    /// <summary>Names, in the model, of the tensors that fit.</summary>
    public IReadOnlyList<string> Loaded { get; }

    /// <summary>Names in the model that the file lacks.</summary>
    public IReadOnlyList<string> Missing { get; }

    /// <summary>Names in the file that the model lacks.</summary>
    public IReadOnlyList<string> Unexpected { get; }

    /// <summary>For each tensor that does not fit, a text with both shapes and dtypes.</summary>
    public IReadOnlyList<string> Mismatched { get; }

    /// <summary>What stands before the file's names and not before the model's, such as <c>module.</c>; empty where the names
    /// are the same.</summary>
    public string Prefix { get; }

    /// <summary>For each tensor that was converted from another floating-point dtype, a text with both dtypes.</summary>
    public IReadOnlyList<string> Converted { get; }

    /// <summary>True where every tensor of the model was loaded and the file has no others. A prefix or a conversion does not
    /// make it false.</summary>
    public bool IsComplete => Missing.Count == 0 && Unexpected.Count == 0 && Mismatched.Count == 0;

    /// <summary>For each loaded tensor its name in the file.</summary>
    internal IReadOnlyDictionary<string, string> Sources { get; }

    internal IReadOnlyList<string> FileNames { get; }

    internal IReadOnlyList<string> ModelNames { get; }

    /// <summary>Whether there are tensors, and none of them fits.</summary>
    internal bool IsNothing => Loaded.Count == 0 && (FileNames.Count > 0 || ModelNames.Count > 0);

    /// <summary>Compares; unless it is to be exact, with the file's names without the prefix of a wrapper and with
    /// conversions.</summary>
    internal static WeightsReport Compare(
        IReadOnlyDictionary<string, Tensor> model,
        IReadOnlyDictionary<string, Tensor> file,
        bool exact
    ) => new(model, file, exact);

    /// <summary>One shape, and one dtype or two floating-point ones.</summary>
    private static bool Fits(Tensor model, Tensor file, bool exact) =>
        (model.dtype == file.dtype || (!exact && model.is_floating_point() && file.is_floating_point()))
        && model.shape.AsSpan().SequenceEqual(file.shape);

    private static string Text(Tensor tensor) => $"{tensor.dtype} {Shape.Of(tensor)}";
}
