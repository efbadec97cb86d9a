using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using static TorchSharp.torch;

namespace VisionSeqModels.Inference;

/// <summary>A model's weights as one array of float32, and where each lies in it.</summary>
/// <param name="weights">Parameters and buffers by name, on any device.</param>
internal sealed class PageWeights(IReadOnlyDictionary<string, Tensor> weights) : IDisposable
{
    /// <summary>What PyTorch's batch normalisation adds to a variance, and this library's models too.</summary>
    private const double Epsilon = 1e-5;

    private readonly MemoryStream _bytes = new();

    /// <summary>How many numbers were added.</summary>
    public long Count => _bytes.Length / sizeof(float);

    public bool Has(string name) => weights.ContainsKey(name);

    /// <summary>Adds a weight, and gives its place.</summary>
    public JsonObject Add(string name) => Add(weights[name]);

    /// <summary>Adds numbers, and gives their place.</summary>
    public JsonObject Add(Tensor weight)
    {
        using var scope = NewDisposeScope();
        var place = new JsonObject
        {
            ["offset"] = Count,
            ["shape"] = new JsonArray([.. weight.shape.Select(size => (JsonNode)size)]),
        };
        using var numbers = weight.detach().to(ScalarType.Float32).cpu().contiguous();
        float[] values = numbers.data<float>().ToArray();
        _bytes.Write(MemoryMarshal.AsBytes<float>(values)); // little-endian, as every system that .NET runs on
        return place;
    }

    /// <summary>A weight that a module may lack.</summary>
    public JsonObject? AddIfThere(string name) => Has(name) ? Add(name) : null;

    /// <summary>Adds a convolution without bias together with the batch normalisation behind it, as one convolution.</summary>
    public (JsonObject Weight, JsonObject Bias) AddNormalized(string convolution, string norm)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        Tensor Number(string name) => weights[$"{norm}.{name}"].to(ScalarType.Float64);
        var scale = Number("weight") / (Number("running_var") + Epsilon).sqrt();
        var weight = weights[$"{convolution}.weight"].to(ScalarType.Float64) * scale.reshape(-1, 1, 1, 1);
        return (Add(weight), Add(Number("bias") - (Number("running_mean") * scale)));
    }

    public string ToBase64() => Convert.ToBase64String(_bytes.GetBuffer(), 0, (int)_bytes.Length);

    public void Dispose() => _bytes.Dispose();
}
