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
                    nn.Sequential(("hidden", nn.Linear(2, 8)), ("out", nn.Linear(8, 3))).LoadWeights(folder["w"]);
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
            (
                "weights-shapes",
                folder =>
                {
                    TinyModel.Create().SaveWeights(folder["w"]);
                    nn.Sequential(("hidden", nn.Linear(2, 9))).LoadWeights(folder["w"], strict: false);
                }
            ),
            (
                "weights-nothing",
                folder =>
                {
                    TinyModel.Create().SaveWeights(folder["w"]);
                    nn.Sequential(("other", nn.Linear(2, 9))).LoadWeights(folder["w"], strict: false);
                }
            ),
            (
                "weights-boolean",
                folder =>
                {
                    Safetensors.Write(folder["w"], [new("a", ones(3, dtype: ScalarType.Bool))]);
                    using (var file = File.OpenWrite(folder["w"]))
                    {
                        file.Position = file.Length - 1;
                        file.WriteByte(2);
                    }

                    Safetensors.Read(folder["w"]);
                }
            ),
            (
                "tensor-disposed",
                folder =>
                {
                    var gone = zeros(2);
                    gone.Dispose();
                    Safetensors.Write(folder["t"], [new("c", gone)]);
                }
            ),
            (
                "tensor-none",
                folder =>
                {
                    File.WriteAllText(folder["t"], "good");
                    Safetensors.Write(folder["t"], []);
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
