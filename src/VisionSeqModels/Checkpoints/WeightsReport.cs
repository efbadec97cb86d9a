using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Checkpoints;

/// <summary>How a file of weights fits a model.</summary>
public sealed class WeightsReport
{
    private WeightsReport(
        IReadOnlyDictionary<string, Tensor> model,
        IReadOnlyDictionary<string, Tensor> file,
        LoadWeightsOptions? options,
        string entry
    )
    {
        bool exact = options is null;
        var map = options?.Map;
        string prefix = exact ? "" : options!.Prefix ?? WeightsPrefix.Find([.. model.Keys], [.. file.Keys], map);
        var named = new Dictionary<string, string>(StringComparer.Ordinal); // the model's name to the file's
        List<string> unexpected = [];
        List<string> leftOut = [];
        foreach (string name in file.Keys.OrderBy(name => WeightsPrefix.Without(prefix, name) != name))
        {
            string without = WeightsPrefix.Without(prefix, name);
            if ((map is null ? without : map(without)) is not string mapped)
            {
                leftOut.Add(name);
            }
            else if (!named.TryAdd(mapped, name) || !model.ContainsKey(mapped))
            {
                unexpected.Add(name);
            }
        }

        var found = model.Keys.Where(named.ContainsKey).ToList();
        var fitting = found.Where(name => Fits(model[name], file[named[name]], exact)).ToList();
        Prefix = prefix;
        Sources = fitting.ToDictionary(name => name, name => named[name], StringComparer.Ordinal);
        Loaded = fitting;
        Missing = [.. model.Keys.Where(name => !named.ContainsKey(name))];
        Unexpected = [.. file.Keys.Intersect(unexpected, StringComparer.Ordinal)];
        LeftOut = [.. file.Keys.Intersect(leftOut, StringComparer.Ordinal)];
        Entry = entry;
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

    /// <summary>Names in the file that <see cref="LoadWeightsOptions.Map"/> left out.</summary>
    public IReadOnlyList<string> LeftOut { get; }

    /// <summary>The dict within a PyTorch checkpoint that the weights come from, such as <c>state_dict</c>; empty where the
    /// file is one dict of weights.</summary>
    public string Entry { get; }

    /// <summary>For each tensor that was converted from another floating-point dtype, a text with both dtypes.</summary>
    public IReadOnlyList<string> Converted { get; }

    /// <summary>True where every tensor of the model was loaded and the file has no others. A prefix, a conversion, or a
    /// tensor that was left out does not make it false.</summary>
    public bool IsComplete => Missing.Count == 0 && Unexpected.Count == 0 && Mismatched.Count == 0;

    /// <summary>For each loaded tensor its name in the file.</summary>
    internal IReadOnlyDictionary<string, string> Sources { get; }

    internal IReadOnlyList<string> FileNames { get; }

    internal IReadOnlyList<string> ModelNames { get; }

    /// <summary>Whether there are tensors, and none of them fits.</summary>
    internal bool IsNothing => Loaded.Count == 0 && (FileNames.Count > 0 || ModelNames.Count > 0);

    /// <summary>Compares; without options under the very names and in the very dtypes.</summary>
    internal static WeightsReport Compare(
        IReadOnlyDictionary<string, Tensor> model,
        IReadOnlyDictionary<string, Tensor> file,
        LoadWeightsOptions? options,
        string entry = ""
    ) => new(model, file, options, entry);

    /// <summary>One shape, and one dtype or two floating-point ones.</summary>
    private static bool Fits(Tensor model, Tensor file, bool exact) =>
        (model.dtype == file.dtype || (!exact && model.is_floating_point() && file.is_floating_point()))
        && model.shape.AsSpan().SequenceEqual(file.shape);

    private static string Text(Tensor tensor) => $"{tensor.dtype} {Shape.Of(tensor)}";
}
