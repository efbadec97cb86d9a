using VisionSeqModels.Models;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Inference;

/// <summary>The files keep ONNX's own rules: its checker and its shape inference, both at their strictest, pass them.</summary>
[Collection("Torch")]
public sealed class OnnxCheckerTests
{
    private const string Script = """
        import glob, sys, onnx
        for path in sorted(glob.glob(sys.argv[1] + "/*.onnx")):
            try:
                model = onnx.load(path)
                onnx.checker.check_model(model, full_check=True)
                inferred = onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True, data_prop=True)
                known = {value.name for value in inferred.graph.value_info}
                lacking = [name for node in model.graph.node[:-1] for name in node.output if name and name not in known]
                print("unknown" if lacking else "good", *lacking)
            except Exception as e:
                raise SystemExit(f"{path}: {e}")
        """;

    [OnnxPythonFact]
    public void EveryFile_PassesTheCheckerAndShapeInferenceOfOnnx()
    {
        using var folder = new TempFolder();
        int count = 0;
        string Next() => folder[$"{count++:000}.onnx"];
        foreach (var (make, sample) in OnnxLayers.All.Values)
        {
            using var model = nn.Sequential(("layer", make()));
            foreach (var weight in model.parameters())
            {
                using var noGradients = no_grad();
                weight.fill_(0.1); // TorchSharp 0.107 gives GroupNorm no initial weights
            }

            model.SaveOnnx(Next(), new OnnxOptions { InputShape = sample });
        }

        foreach (var cell in Enum.GetValues<RecurrentCell>())
        {
            foreach (var readout in Enum.GetValues<SequenceReadout>())
            {
                using var model = SequenceModels.Build(
                    cell,
                    new RecurrentOptions
                    {
                        Readout = readout,
                        LayerCount = 2,
                        HiddenSize = 8,
                        Bidirectional = readout != SequenceReadout.Max,
                        PaddingValue = readout == SequenceReadout.EachStep ? null : 0,
                    }
                );
                model.SaveOnnx(Next());
                model.SaveOnnx(Next(), new OnnxOptions { Lengths = true });
            }
        }

        using var lenet = VisionModels.LeNet();
        lenet.SaveOnnx(Next(), new OnnxOptions { Normalization = ImageNormalization.Cifar10, Output = OnnxOutput.Probabilities });
        using var resnet = VisionModels.ResNet(new ResNetOptions { BlockCounts = [1, 1], Widths = [4, 6] });
        resnet.SaveOnnx(Next());
        string[] lines = OnnxPython.Output(Script, folder.Root).TrimEnd().Split('\n');
        Assert.Equal(count, lines.Length);
        Assert.All(lines, line => Assert.Equal("good", line));
    }
}
