using VisionSeqModels.Core;
using static TorchSharp.torch;

namespace VisionSeqModels.Checkpoints;

/// <summary>The names of Python that a state dict needs, and what calling them gives. No other name is looked up
/// anywhere.</summary>
internal static class PickleGlobals
{
    private const int LongestName = 100;

    private static readonly Dictionary<(string Module, string Name), PickleGlobal> Allowed = new()
    {
        [("collections", "OrderedDict")] = new(PickleGlobalKind.OrderedDict),
        [("torch", "Size")] = new(PickleGlobalKind.Size),
        [("torch._utils", "_rebuild_tensor")] = new(PickleGlobalKind.Tensor),
        [("torch._utils", "_rebuild_tensor_v2")] = new(PickleGlobalKind.Tensor),
        [("torch._utils", "_rebuild_parameter")] = new(PickleGlobalKind.Parameter),
        [("torch", "DoubleStorage")] = new(PickleGlobalKind.Storage, ScalarType.Float64),
        [("torch", "FloatStorage")] = new(PickleGlobalKind.Storage, ScalarType.Float32),
        [("torch", "HalfStorage")] = new(PickleGlobalKind.Storage, ScalarType.Float16),
        [("torch", "BFloat16Storage")] = new(PickleGlobalKind.Storage, ScalarType.BFloat16),
        [("torch", "LongStorage")] = new(PickleGlobalKind.Storage, ScalarType.Int64),
        [("torch", "IntStorage")] = new(PickleGlobalKind.Storage, ScalarType.Int32),
        [("torch", "ShortStorage")] = new(PickleGlobalKind.Storage, ScalarType.Int16),
        [("torch", "CharStorage")] = new(PickleGlobalKind.Storage, ScalarType.Int8),
        [("torch", "ByteStorage")] = new(PickleGlobalKind.Storage, ScalarType.Byte),
        [("torch", "BoolStorage")] = new(PickleGlobalKind.Storage, ScalarType.Bool),
    };

    /// <exception cref="FormatException">The name is not one of them.</exception>
    public static PickleGlobal Find(string module, string name) =>
        Allowed.TryGetValue((module, name), out var known) ? known : throw Refused(module, name);

    /// <summary>What a pickle that names something else is refused with.</summary>
    public static FormatException Refused(string module, string name)
    {
        string full = PlainText.Of($"{module}.{name}");
        string shown = full.Length > LongestName ? full[..LongestName] + "..." : full;
        return new FormatException(
            $"it names '{shown}', which is no part of a state dict, and nothing but tensors and containers is read. In Python, "
                + "save the weights alone: torch.save(model.state_dict(), 'weights.pth')."
        );
    }

    /// <exception cref="FormatException">It cannot be called, or not with these.</exception>
    public static object Call(PickleGlobal global, object?[] arguments) =>
        (global.Kind, arguments) switch
        {
            (PickleGlobalKind.OrderedDict, []) => new PickleDict(),
            (PickleGlobalKind.OrderedDict, [List<object?> pairs]) => DictOf(pairs),
            (PickleGlobalKind.Size, [PickleTuple sides]) => sides,
            (PickleGlobalKind.Parameter, [TensorReference tensor, bool, var hooks]) when IsEmpty(hooks) => tensor,
            (PickleGlobalKind.Tensor, [PickleStorage storage, long offset, PickleTuple shape, PickleTuple strides, .. var rest])
                when HasNoMore(rest) => TensorReference.Create(storage, offset, Numbers(shape), Numbers(strides)),
            _ => throw new FormatException($"it calls what makes a {global.Kind} with arguments that PyTorch does not write."),
        };

    /// <summary>Whether a tensor has nothing besides requires_grad: no hooks, and no bits such as "negated".</summary>
    private static bool HasNoMore(object?[] rest) =>
        rest switch
        {
            [] => true,
            [bool, var hooks] => IsEmpty(hooks),
            [bool, var hooks, var metadata] => IsEmpty(hooks) && IsEmpty(metadata),
            _ => false,
        };

    private static bool IsEmpty(object? value) => value is null || (value is PickleDict dict && !dict.Entries.Any());

    private static PickleDict DictOf(List<object?> pairs)
    {
        var dict = new PickleDict();
        foreach (object? pair in pairs)
        {
            (object? key, object? value) = pair switch
            {
                PickleTuple { Items: [var first, var second] } => (first, second),
                List<object?> { Count: 2 } list => (list[0], list[1]),
                _ => throw new FormatException("it makes a dict of something other than pairs."),
            };
            dict.Set(key, value);
        }

        return dict;
    }

    private static long[] Numbers(PickleTuple tuple) =>
        [
            .. tuple
                .Items.Take(TensorReference.MaximumDimensions + 1) // the same tuple may come a million times
                .Select(item =>
                    item is long number ? number : throw new FormatException("a shape or stride of it is not a whole number.")
                ),
        ];
}
