using TorchSharp.Modules;
using static TorchSharp.torch;

namespace VisionSeqModels.Inference;

/// <summary>Upsampling by factors or to sizes.</summary>
internal static class UpsampleConverter
{
    public static OnnxValue Convert(Upsample module, OnnxGraph graph, OnnxValue input)
    {
        double[] factors = module.scale_factor.ToArray();
        int count = input.Shape.Count - 2;
        if (factors.Length > 0 && module.recompute_scale_factor != true)
        {
            float[] scales = [1, 1, .. Enumerable.Range(0, count).Select(index => (float)factors[index % factors.Length])];
            return graph.AddNode("Resize", [input, null, graph.Constant(tensor(scales))], Attributes(module))[0];
        }

        long[] given = module.size.ToArray();
        long[] sizes =
        [
            .. Enumerable
                .Range(0, count)
                .Select(index =>
                    given.Length > 0
                        ? given[index % given.Length]
                        : (long)Math.Floor(input.Size(index + 2, graph.Place) * factors[index % factors.Length])
                ),
        ];
        var batchAndChannels = graph.Add(
            "Slice",
            [graph.Add("Shape", [input]), graph.Integers(0), graph.Integers(2), graph.Integers(0)]
        );
        var whole = graph.Add("Concat", [batchAndChannels, graph.Integers(sizes)], ("axis", 0));
        return graph.AddNode("Resize", [input, null, null, whole], Attributes(module))[0];
    }

    private static List<(string, object)> Attributes(Upsample module)
    {
        string smooth = module.align_corners == true ? "align_corners" : "pytorch_half_pixel";
        return module.mode switch
        {
            UpsampleMode.Nearest =>
            [
                ("mode", "nearest"),
                ("coordinate_transformation_mode", "asymmetric"),
                ("nearest_mode", "floor"),
            ],
            UpsampleMode.Bicubic => [("mode", "cubic"), ("coordinate_transformation_mode", smooth), ("cubic_coeff_a", -0.75)],
            _ => [("mode", "linear"), ("coordinate_transformation_mode", smooth)],
        };
    }
}
