using static TorchSharp.torch;

namespace VisionSeqModels.Inference;

/// <summary>Where in a model a converter is, for the names of nodes and for messages.</summary>
internal sealed class OnnxPlaces
{
    private readonly Dictionary<nn.Module, string> _modules = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Tensor, string> _tensors = new(ReferenceEqualityComparer.Instance);
    private readonly Stack<string> _open = new([""]);

    public OnnxPlaces(nn.Module model)
    {
        foreach (var (name, module) in model.named_modules())
        {
            _modules.TryAdd(module, name);
        }

        foreach (var (name, parameter) in model.named_parameters())
        {
            _tensors.TryAdd(parameter, name);
        }

        foreach (var (name, buffer) in model.named_buffers())
        {
            _tensors.TryAdd(buffer, name);
        }
    }

    /// <summary>The place as a message names it.</summary>
    public string Current => _open.Peek().Length == 0 ? "the model" : $"'{_open.Peek()}'";

    /// <summary>The name of a part of the current module.</summary>
    public string Within(string name) => _open.Peek().Length == 0 ? name : $"{_open.Peek()}.{name}";

    /// <summary>The name of a parameter or buffer of the model; null for another tensor.</summary>
    public string? NameOf(Tensor tensor) => _tensors.GetValueOrDefault(tensor);

    /// <summary>A model's name; a native module's type instead of its name in C++.</summary>
    public static string NameOf(nn.Module model) =>
        model.GetName().StartsWith("torch::", StringComparison.Ordinal) ? model.GetType().Name : model.GetName();

    /// <summary>Enters a module until Dispose; one that the model does not list keeps the place of its caller.</summary>
    public IDisposable Enter(nn.Module module)
    {
        _open.Push(_modules.GetValueOrDefault(module, _open.Peek()));
        return new Leaving(_open);
    }

    private sealed class Leaving(Stack<string> open) : IDisposable
    {
        public void Dispose() => open.Pop();
    }
}
