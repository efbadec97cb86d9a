using VisionSeqModels.Checkpoints;
using VisionSeqModels.Tests.Checkpoints;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Errors;

/// <summary>Reproductions of what can go wrong with files of weights, by the ids of docs/errors.</summary>
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
                "tensor-header",
                folder =>
                    Safetensors.Write(
                        folder["t"],
                        [new("c", zeros(2))],
                        new Dictionary<string, string> { ["m"] = new('x', 100_000_000) }
                    )
            ),
            (
                "file-not-writable",
                folder =>
                {
                    File.WriteAllText(folder["file"], "");
                    TinyModel.Create().SaveWeights(Path.Combine(folder["file"], "w.safetensors"));
                }
            ),
            ("weights-module", folder => Read(folder, "refused", "module")),
            ("weights-operation", folder => ReadMalicious(folder, "obj")),
            ("weights-torchscript", folder => Read(folder, "refused", "torchscript")),
            ("weights-expanded", folder => Read(folder, "refused", "expanded")),
            ("weights-several", folder => Read(folder, "sound", "two_models")),
            ("weights-entry", folder => Read(folder, "sound", "two_models", "other")),
            ("weights-pth-damaged", folder => ReadMalicious(folder, "empty")),
            (
                "model-none",
                folder =>
                {
                    TinyModel.Create().SaveWeights(folder["w"]);
                    ModelFile.Load(folder["w"]);
                }
            ),
            (
                "model-pth",
                folder =>
                {
                    PyTorchFiles.WriteZip(folder["w"], PyTorchFiles.SoundPickle);
                    ModelFile.Load(folder["w"]);
                }
            ),
            ("model-unsound", folder => LoadDescribed(folder, "{}")),
            (
                "model-custom",
                folder =>
                {
                    ModelFile.Save(TinyModel.Create(), folder["w"]);
                    ModelFile.Load(folder["w"]);
                }
            ),
            ("model-unknown", folder => LoadDescribed(folder, """{"format":1,"architecture":"vit"}""")),
            ("model-options", folder => LoadDescribed(folder, """{"format":1,"architecture":"lenet","options":{"depth":1}}""")),
            ("model-shapes", folder => LoadDescribed(folder, """{"format":1,"architecture":"lenet","options":{}}""")),
            (
                "model-more",
                folder =>
                {
                    using var model = SequenceModels.Rnn(new RecurrentOptions { LayerCount = 2 });
                    const string options = """{"format":1,"architecture":"rnn","options":{} }""";
                    model.SaveWeights(folder["w"], new Dictionary<string, string> { ["visionseqmodels"] = options });
                    ModelFile.Load(folder["w"]);
                }
            ),
            (
                "model-overflow",
                folder =>
                    LoadDescribed(
                        folder,
                        """
                        {"format":1,"architecture":"lenet","options":{"kernel_size":1,"conv2_channels":2000000000,
                        "image_height":2000000000,"image_width":2000000000}}
                        """
                    )
            ),
            (
                "model-range",
                folder =>
                {
                    using var model = SequenceModels.Rnn();
                    const string options = """{"format":1,"architecture":"rnn","options":{"dropout":7}}""";
                    model.SaveWeights(folder["w"], new Dictionary<string, string> { ["visionseqmodels"] = options });
                    ModelFile.Load(folder["w"]);
                }
            ),
            (
                "model-null",
                folder =>
                {
                    ModelFile.Save(TinyModel.Create(), folder["w"]);
                    ModelFile.Load(folder["w"], _ => null!);
                }
            ),
            (
                "model-other",
                folder =>
                {
                    using var model = SequenceModels.Rnn();
                    ModelFile.Save(TinyModel.Create(), folder["w"], ModelDescription.Of(model));
                }
            ),
        ];

    private static void Read(TempFolder folder, string kind, string name, string? entry = null)
    {
        File.Copy(PyTorchFiles.PathOf(kind, name + ".pth"), folder["w"]);
        TinyModel.Create().LoadWeights(folder["w"], new LoadWeightsOptions { Entry = entry });
    }

    private static void ReadMalicious(TempFolder folder, string name)
    {
        PyTorchFiles.WriteZip(folder["w"], PyTorchFiles.Malicious.Single(one => one.Name == name).Bytes);
        TinyModel.Create().LoadWeights(folder["w"]);
    }

    private static void LoadDescribed(TempFolder folder, string description)
    {
        var metadata = new Dictionary<string, string> { ["visionseqmodels"] = description };
        Safetensors.Write(folder["w"], [new("a", ones(2))], metadata);
        ModelFile.Load(folder["w"]);
    }
}
