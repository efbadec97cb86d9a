using System.Globalization;
using static TorchSharp.torch;

namespace VisionSeqModels.Torch;

/// <summary>One call of one module of a model in one pass.</summary>
/// <param name="Layer">The module's name in <c>named_modules()</c>, for example <c>relu</c>.</param>
/// <param name="Number">Which call of the module it is, from 1.</param>
/// <param name="Module">The module.</param>
internal sealed record ModuleCall(string Layer, int Number, nn.Module Module)
{
    /// <summary>The name of the call: that of the module, and from its second call on the number, for example
    /// <c>relu#2</c>.</summary>
    public string Name => Number == 1 ? Layer : string.Create(CultureInfo.InvariantCulture, $"{Layer}#{Number}");

    /// <summary>Whether the module has no modules of its own.</summary>
    public bool IsLeaf => !Module.children().Any();

    /// <summary>The module's name, from the name of a call.</summary>
    public static string LayerOf(string name) => name.Split('#')[0];
}
