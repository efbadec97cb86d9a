using TorchSharp;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Zoo;

/// <summary>The zoo: models by name, each with fixed weights.</summary>
internal static class Animals
{
    private static readonly Dictionary<string, Func<ZooModel>> Makers = new(StringComparer.Ordinal)
    {
        ["reused ReLU"] = () => new ReusedRelu(),
        ["reused ReLU in place"] = () => new ReusedRelu(inplace: true),
        ["declared out of order"] = () => new DeclaredOutOfOrder(),
        ["one of three ReLUs a module"] = () => new FunctionalRelus(1),
        ["all ReLUs functions"] = () => new FunctionalRelus(0),
        ["residual block"] = () => new ResidualBlock(),
        ["two heads"] = () => new TwoHeads(),
        ["detached backbone"] = () => new DetachedBackbone(),
        ["branches, groups, dilation"] = () => new Branches(),
        ["tied weights and a cache"] = () => new TiedWeights(),
        ["softmax at the end"] = () => new Ending(End.Softmax),
        ["log-softmax at the end"] = () => new Ending(End.LogSoftmax),
        ["sigmoid at the end"] = () => new Ending(End.Sigmoid),
        ["float64"] = () => Double(new ReusedRelu()),
        ["float64 in place"] = () => Double(new ReusedRelu(inplace: true)),
    };

    public static IEnumerable<string> All => Makers.Keys;

    public static TheoryData<string> Names => [.. Makers.Keys];

    /// <summary>A model, in training mode, with weights that depend on its name alone.</summary>
    public static ZooModel Make(string name)
    {
        var model = Makers[name]();
        using var noGradients = no_grad();
        using var generator = new Generator(17);
        foreach (var parameter in model.parameters())
        {
            double scale = 1 / Math.Sqrt(Math.Max(1, parameter.numel() / Math.Max(1, parameter.size(0))));
            parameter.copy_((rand(parameter.shape, generator: generator) - 0.5) * 2 * scale);
        }

        return model;
    }

    private static ZooModel Double(ZooModel model)
    {
        model.to(ScalarType.Float64);
        return model;
    }

    /// <summary>Images for a model, of its dtype.</summary>
    public static Tensor Images(ZooModel model, int count) =>
        randn([count, .. model.ImageShape], generator: new Generator(5)).to_type(model.parameters().First().dtype);
}
