using VisionSeqModels.Visualization;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Visualization.Attribution;

#pragma warning disable IDE0065 // outside of the namespace, the namespace's own name comes first
using Attribution = VisionSeqModels.Visualization.Attribution;
#pragma warning restore IDE0065

/// <summary>Every method that gives maps, by name, with few steps.</summary>
internal static class AllMethods
{
    private static readonly Dictionary<string, AttributionMethod> Methods = new(StringComparer.Ordinal)
    {
        ["saliency"] = Attribution.Saliency,
        ["input × gradient"] = Attribution.InputXGradient,
        ["guided backpropagation"] = Attribution.GuidedBackpropagation,
        ["deconvolution"] = Attribution.Deconvolution,
        ["SmoothGrad"] = (m, x, o, c) => Attribution.SmoothGrad(m, x, With<SmoothGradOptions>(o) with { CopyCount = 3 }, c),
        ["integrated gradients"] = (m, x, o, c) =>
            Attribution.IntegratedGradients(m, x, With<IntegratedGradientsOptions>(o) with { StepCount = 4 }, c),
        ["GradientSHAP"] = (m, x, o, c) => Attribution.GradientShap(m, x, With<GradientShapOptions>(o) with { CopyCount = 3 }, c),
        ["DeepLIFT"] = (m, x, o, c) => Attribution.DeepLift(m, x, With<DeepLiftOptions>(o), c),
        ["LRP"] = (m, x, o, c) => Attribution.Lrp(m, x, With<LrpOptions>(o), c),
        ["Grad-CAM"] = (m, x, o, c) => ClassActivationMaps.GradCam(m, x, With<ClassActivationMapsOptions>(o), c),
        ["HiResCAM"] = (m, x, o, c) => ClassActivationMaps.HiResCam(m, x, With<ClassActivationMapsOptions>(o), c),
        ["guided Grad-CAM"] = (m, x, o, c) => ClassActivationMaps.GuidedGradCam(m, x, With<ClassActivationMapsOptions>(o), c),
        ["Grad-CAM++"] = (m, x, o, c) => ClassActivationMaps.GradCamPlusPlus(m, x, With<ClassActivationMapsOptions>(o), c),
        ["LayerCAM"] = (m, x, o, c) => ClassActivationMaps.LayerCam(m, x, With<ClassActivationMapsOptions>(o), c),
        ["Score-CAM"] = (m, x, o, c) => ClassActivationMaps.ScoreCam(m, x, With<ClassActivationMapsOptions>(o), c),
        ["Eigen-CAM"] = (m, x, o, c) => ClassActivationMaps.EigenCam(m, x, With<ClassActivationMapsOptions>(o), c),
    };

    public static IEnumerable<string> All => Methods.Keys;

    public static TheoryData<string> Names => [.. Methods.Keys];

    public static IReadOnlyList<AttributionMap> Run(
        string name,
        nn.Module<Tensor, Tensor> model,
        Tensor images,
        AttributionOptions? options = null,
        CancellationToken cancellationToken = default
    ) => Methods[name](model, images, options, cancellationToken);

    /// <summary>The numbers of all maps, <c>[maps, channels, height, width]</c>, float64.</summary>
    public static Tensor Values(IReadOnlyList<AttributionMap> maps) =>
        tensor(maps.SelectMany(map => map.Values.Select(value => (double)value)).ToArray())
            .reshape([maps.Count, .. maps[0].Shape.Select(size => (long)size)]);

    private static TOptions With<TOptions>(AttributionOptions? options)
        where TOptions : AttributionOptions, new() =>
        new()
        {
            Targets = options?.Targets,
            Objective = options?.Objective,
            BatchSize = options?.BatchSize ?? 256,
        };
}
