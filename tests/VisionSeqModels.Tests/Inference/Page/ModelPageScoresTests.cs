using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using VisionSeqModels.Data;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Inference;

/// <summary>A page computes what its model computes.</summary>
[Collection("Torch")]
public sealed partial class ModelPageScoresTests
{
    private const int ImageCount = 100;

    public static TheoryData<string> Names => [.. PageModels.Grey.Keys];

    [BrowserTheory]
    [MemberData(nameof(Names))]
    public void APage_GivesTheModelsScores_On100Images(string name)
    {
        using var data = Digits();
        using var model = PageModels.Grey[name]().Louder();
        Compare(model, data, new PageOptions());
    }

    [BrowserTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void APage_OfAModelForColourImages_GivesTheModelsScores(bool isRecurrent)
    {
        using var images = SyntheticImages.Create(new SyntheticImagesOptions { TrainCount = 1, TestCount = ImageCount });
        using nn.Module<Tensor, Tensor> model = isRecurrent
            ? SequenceModels.Gru(
                new RecurrentOptions
                {
                    InputSize = 96,
                    HiddenSize = 32,
                    Seed = 2,
                }
            )
            : VisionModels.LeNet(new LeNetOptions { Seed = 2 });
        Compare(model.Louder(), images.Test, new PageOptions { ExampleCount = 0 });
    }

    /// <summary>Real digits where they are, else painted shapes of the same size.</summary>
    private static ImageDataset Digits()
    {
        string? folder = Environment.GetEnvironmentVariable("VISIONSEQ_DATA");
        var sets = string.IsNullOrEmpty(folder)
            ? SyntheticImages.Create(
                new SyntheticImagesOptions
                {
                    TrainCount = 1,
                    TestCount = ImageCount,
                    Channels = 1,
                    Size = 28,
                }
            )
            : Mnist.Load(folder, new DatasetOptions { TrainLimit = 1, TestLimit = ImageCount });
        sets.Train.Dispose();
        return sets.Test;
    }

    private static void Compare(nn.Module<Tensor, Tensor> model, ImageDataset data, PageOptions options)
    {
        using var folder = new TempFolder();
        model.SavePage(folder["page.html"], data, options);
        var expected = Scores(model, data);
        double[][] actual = ScoresOfThePage(folder, data);
        Assert.Equal(ImageCount, actual.Length);
        double largest = expected
            .Zip(actual)
            .Max(pair => pair.First.Zip(pair.Second, (x, y) => double.IsFinite(y) ? Math.Abs(x - y) : double.MaxValue).Max());
        Assert.InRange(largest, 0, 1e-4);
        Assert.True(expected.SelectMany(scores => scores).Max(Math.Abs) > 0.5, "the scores are too small to compare");
    }

    private static double[][] Scores(nn.Module<Tensor, Tensor> model, ImageDataset data)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        model.eval();
        var batch = data.Read(new BatchRequest { BatchSize = ImageCount }).First();
        var scores = model.call(batch.Inputs);
        return
        [
            .. Enumerable.Range(0, ImageCount).Select(i => scores[i].data<float>().ToArray().Select(x => (double)x).ToArray()),
        ];
    }

    private static double[][] ScoresOfThePage(TempFolder folder, ImageDataset data)
    {
        var images = new JsonArray([
            .. Enumerable
                .Range(0, ImageCount)
                .Select(i => (JsonNode)Convert.ToBase64String(data.GetPixels(i).data<byte>().ToArray())),
        ]);
        string script =
            "<pre id=\"found\"></pre><script>document.getElementById('found').textContent = JSON.stringify("
            + $"{images.ToJsonString()}.map(text => visionSeqModels.scores(bytesOf(text))))</script></body>";
        string page = File.ReadAllText(folder["page.html"]);
        File.WriteAllText(folder["test.html"], page.Replace("</body>", script, StringComparison.Ordinal));
        string document = Browser.Open(folder["test.html"], folder["profile"]);
        var found = JsonNode.Parse(Found().Match(document).Groups[1].Value)!.AsArray();
        return [.. found.Select(scores => scores!.AsArray().Select(score => (double?)score ?? double.NaN).ToArray())];
    }

    [GeneratedRegex("<pre id=\"found\">(.+?)</pre>")]
    private static partial Regex Found();
}
