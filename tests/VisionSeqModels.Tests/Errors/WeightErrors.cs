using VisionSeqModels.Checkpoints;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Errors;

/// <summary>Reproductions of what can go wrong with files of weights, by the ids of docs/errors.md.</summary>
internal static class WeightErrors
{
    public static IEnumerable<(string Id, Action<TempFolder> Cause)> All =>
        [
            (
                "weights-mismatch",
                folder =>
                {
                    TinyModel.Create().SaveWeights(folder["w"]);
                    nn.Sequential(("hidden", nn.Linear(2, 9))).LoadWeights(folder["w"]);
                }
            ),
            (
                "weights-damaged",
                folder =>
                {
                    File.WriteAllText(folder["w"], "no tensors");
                    TinyModel.Create().LoadWeights(folder["w"]);
                }
            ),
            (
                "weights-none",
                folder =>
                {
                    var model = TinyModel.Create();
                    model.Dispose();
                    model.SaveWeights(folder["w"]);
                }
            ),
            (
                "weights-non-finite",
                folder =>
                {
                    using var noGradients = no_grad();
                    var model = TinyModel.Create();
                    model.SaveWeights(folder["w"]);
                    model.get_parameter("out.bias")!.fill_(float.NaN);
                    model.SaveWeights(folder["w"]);
                }
            ),
            ("weights-missing", folder => TinyModel.Create().LoadWeights(folder["w"])),
            ("tensor-type", folder => Safetensors.Write(folder["t"], [new("c", zeros(2, dtype: ScalarType.ComplexFloat32))])),
            ("tensor-name", folder => Safetensors.Write(folder["t"], [new("c", zeros(2)), new("c", zeros(2))])),
            (
                "file-not-writable",
                folder =>
                {
                    File.WriteAllText(folder["file"], "");
                    TinyModel.Create().SaveWeights(Path.Combine(folder["file"], "w.safetensors"));
                }
            ),
        ];
}
