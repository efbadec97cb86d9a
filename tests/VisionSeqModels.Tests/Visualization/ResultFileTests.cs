using System.Text.Json;
using VisionSeqModels.Models;
using VisionSeqModels.Visualization;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Visualization;

/// <summary>Every result of a view has Save(path); the names in its file are stable.</summary>
[Collection("Torch")]
public sealed class ResultFileTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ImageDatasets _data = SyntheticImages.Create(
        new SyntheticImagesOptions
        {
            TrainCount = 1,
            TestCount = 8,
            Seed = 1,
        }
    );
    private readonly LeNet _model = VisionModels.LeNet(new LeNetOptions { Seed = 1 });
    private readonly Tensor _image = randn([1, 3, 32, 32], generator: new Generator(1));

    public static TheoryData<string, string> Files =>
        new()
        {
            { "activations", "source sample_count layers" },
            { "confusion", "class_names counts accuracy precision recall f1" },
            { "errors", "source sample_count mistake_count mistakes" },
            { "top", "layer source sample_count maps warning" },
            { "deconvnet", "layer maps warning" },
            { "invariance", "source sample_count change amounts distances probabilities" },
            {
                "occlusion",
                "target layer strongest_map size stride probability probabilities map_activations predictions pixel_importance"
            },
            { "randomization", "method layers rank_correlations" },
            { "map", "method target score shape values warning completeness_gap" },
            { "filters", "layers" },
            { "weights", "parameters" },
        };

    public void Dispose()
    {
        _image.Dispose();
        _model.Dispose();
        _data.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Save_WritesAFileOfTheseNames(string view, string names)
    {
        string path = _folder["result.json"];
        Save(view, path);
        string text = File.ReadAllText(path);
        using var json = JsonDocument.Parse(text);
        Assert.Equal(names.Split(' '), json.RootElement.EnumerateObject().Select(entry => entry.Name));
        Assert.EndsWith("}\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Matrix_OfAFile_HasItsCountsByTrueClass()
    {
        var matrix = new ConfusionMatrix(
            new long[,]
            {
                { 3, 1 },
                { 0, 4 },
            }
        );
        matrix.Save(_folder["confusion.json"]);
        using var json = JsonDocument.Parse(File.ReadAllText(_folder["confusion.json"]));
        Assert.Equal("[[3,1],[0,4]]", json.RootElement.GetProperty("counts").GetRawText());
        Assert.Equal([0.75, 1], json.RootElement.GetProperty("recall").EnumerateArray().Select(value => value.GetDouble()));
    }

    private void Save(string view, string path)
    {
        switch (view)
        {
            case "activations":
                ActivationStatistics.Measure(_model, _data.Test).Save(path);
                break;
            case "confusion":
                ConfusionMatrix.Measure(_model, _data.Test).Save(path);
                break;
            case "errors":
                ConfidentErrors.Measure(_model, _data.Test).Save(path);
                break;
            case "top":
                TopActivations.Measure(_model, _data.Test).Save(path);
                break;
            case "deconvnet":
                Deconvnet.Measure(_model, _image).Save(path);
                break;
            case "invariance":
                InvarianceCurves.Measure(_model, _data.Test, new InvarianceCurvesOptions { Amounts = [1] }).Save(path);
                break;
            case "occlusion":
                OcclusionSensitivity.Measure(_model, _image, new OcclusionSensitivityOptions { Stride = 16 }).Save(path);
                break;
            case "randomization":
                RandomizationCheck.Measure(_model, _image).Save(path);
                break;
            case "map":
                VisionSeqModels.Visualization.Attribution.Saliency(_model, _image)[0].Save(path);
                break;
            case "filters":
                FilterStrength.Measure(_model).Save(path);
                break;
            default:
                ParameterHistograms.Measure(_model).Save(path);
                break;
        }
    }
}
