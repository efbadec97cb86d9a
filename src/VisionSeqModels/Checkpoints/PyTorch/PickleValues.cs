using static TorchSharp.torch;

namespace VisionSeqModels.Checkpoints;

/// <summary>A tuple of a pickle.</summary>
internal sealed record PickleTuple(object?[] Items)
{
    public static PickleTuple Empty { get; } = new([]);
}

/// <summary>A dict of a pickle. Values under keys that are no texts, as an optimizer's state has them, are not kept.</summary>
internal sealed class PickleDict
{
    private Dictionary<string, object?>? _entries;

    public IEnumerable<KeyValuePair<string, object?>> Entries => _entries ?? [];

    /// <summary>The value under a text; null where there is none.</summary>
    public object? this[string key] => _entries?.GetValueOrDefault(key);

    /// <exception cref="FormatException">The key is of a kind that no key has.</exception>
    public void Set(object? key, object? value)
    {
        if (key is string text)
        {
            (_entries ??= new Dictionary<string, object?>(StringComparer.Ordinal))[text] = value;
        }
        else if (key is not (null or long or double or bool or PickleTuple))
        {
            throw new FormatException("a dict of it has a key that is neither a text nor a number.");
        }
    }
}

/// <summary>A name of Python that a pickle may use.</summary>
internal sealed record PickleGlobal(PickleGlobalKind Kind, ScalarType Type = default);

/// <summary>What a name stands for.</summary>
internal enum PickleGlobalKind
{
    /// <summary><c>collections.OrderedDict</c>: makes an empty dict.</summary>
    OrderedDict,

    /// <summary><c>torch.Size</c>: makes a tuple.</summary>
    Size,

    /// <summary><c>torch._utils._rebuild_tensor</c>: makes a tensor.</summary>
    Tensor,

    /// <summary><c>torch._utils._rebuild_parameter</c>: makes the tensor that it is given.</summary>
    Parameter,

    /// <summary><c>torch.FloatStorage</c> and so on; nothing is made by it.</summary>
    Storage,
}

/// <summary>A storage that a pickle refers to by the key of its bytes.</summary>
internal sealed record PickleStorage(string Key, ScalarType Type, int ElementSize, long Elements)
{
    public long Bytes => Elements * ElementSize;
}
