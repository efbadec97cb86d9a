using System.Text.Json.Nodes;
using VisionSeqModels.Data;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Inference;

/// <summary>A page computes what its model computes.</summary>
[Collection("Torch")]
public sealed class ModelPageScoresTests
{
    private const int ImageCount = 100;

    /// <summary>Waits until every page has sent its scores.</summary>
    private const string Collect = """
        new Promise(done => {
          const look = () => Object.keys(results).length === frames.length ? done(JSON.stringify(results)) : setTimeout(look, 50);
          look();
        })
        """;

    [BrowserTheory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task APage_GivesTheModelsScores_On100Images(int channels)
    {
        using var folder = new TempFolder();
        using var data = channels == 1 ? Digits() : Colours();
        var expected = new Dictionary<string, float[][]>();
        foreach (var (name, create) in channels == 1 ? PageModels.Grey : PageModels.Colour)
        {
            using var model = create().Louder();
            model.SavePage(folder[$"{expected.Count}.html"], data, new PageOptions { ExampleCount = channels });
            AddScores(folder[$"{expected.Count}.html"], name, data);
            expected[name] = Scores(model, data);
        }

        var actual = await ScoresOfThePages(folder, expected.Count);
        foreach (var (name, scores) in expected)
        {
            double largest = 0;
            for (int i = 0; i < ImageCount; i++)
            {
                for (int c = 0; c < scores[i].Length; c++)
                {
                    double score = (double?)actual[name]![i]![c] ?? double.NaN; // JSON has no NaN
                    largest = double.IsNaN(score) ? double.NaN : Math.Max(largest, Math.Abs(scores[i][c] - score));
                }
            }

            Assert.True(largest < 1e-4, $"{name}: the scores differ by {largest}");
            Assert.True(scores.SelectMany(row => row).Max(Math.Abs) > 0.5, $"{name}: the scores are too small to compare");
        }
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

    private static ImageDataset Colours()
    {
        var sets = SyntheticImages.Create(new SyntheticImagesOptions { TrainCount = 1, TestCount = ImageCount });
        sets.Train.Dispose();
        return sets.Test;
    }

    private static float[][] Scores(nn.Module<Tensor, Tensor> model, ImageDataset data)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        model.eval();
        var scores = model.call(data.Read(new BatchRequest { BatchSize = ImageCount }).First().Inputs);
        return [.. Enumerable.Range(0, ImageCount).Select(i => scores[i].data<float>().ToArray())];
    }

    /// <summary>Lets a page send its scores to the window around it.</summary>
    private static void AddScores(string page, string name, ImageDataset data)
    {
        using var scope = NewDisposeScope();
        var images = new JsonArray([
            .. Enumerable
                .Range(0, ImageCount)
                .Select(i => (JsonNode)Convert.ToBase64String(data.GetPixels(i).data<byte>().ToArray())),
        ]);
        string script =
            $"<script>parent.postMessage({{ name: '{name}', scores: {images.ToJsonString()}.map(text => "
            + "visionSeqModels.scores(bytesOf(text))) }, '*')</script></body>";
        File.WriteAllText(page, File.ReadAllText(page).Replace("</body>", script, StringComparison.Ordinal));
    }

    private static async Task<JsonNode> ScoresOfThePages(TempFolder folder, int count)
    {
        string iframes = string.Concat(Enumerable.Range(0, count).Select(i => $"<iframe src=\"{i}.html\"></iframe>"));
        File.WriteAllText(
            folder["all.html"],
            "<script>const results = {}; addEventListener('message', e => results[e.data.name] = e.data.scores);</script>"
                + iframes
        );
        using var page = await BrowserPage.Open(new Uri(folder["all.html"]), folder["profile"]);
        return JsonNode.Parse((string)(await page.Evaluate(Collect))!)!;
    }
}
