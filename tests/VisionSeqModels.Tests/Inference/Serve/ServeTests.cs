using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace VisionSeqModels.Tests.Inference;

/// <summary>What samples/Serve answers, and what it refuses.</summary>
[Collection("Torch")]
public sealed class ServeTests
{
    [Fact]
    public async Task WhatIsNoPicture_OrTooLarge_IsRefusedInOneSentence()
    {
        using var folder = new TempFolder();
        byte[] picture = Export(folder);
        using var served = ServedModel.Start(folder["model.onnx"], "--max-bytes", "20000", "--max-pixels", "4000");

        await Refused(served, HttpStatusCode.BadRequest, "The image cannot be read: it ", Encoding.UTF8.GetBytes("garbage"));
        await Refused(served, HttpStatusCode.BadRequest, "The image cannot be read: it ", []);
        await Refused(served, HttpStatusCode.BadRequest, "The image cannot be read: it ", picture[..^30]);
        await Refused(served, HttpStatusCode.RequestEntityTooLarge, "The body must have at most 20000 bytes.", new byte[20_001]);
        await Refused(served, HttpStatusCode.UnsupportedMediaType, "Post a picture's bytes ", picture, "text/plain");
        await Refused(served, HttpStatusCode.UnsupportedMediaType, "Post a picture's bytes ", picture, "");
        using var large = SyntheticImages.Create(
            new SyntheticImagesOptions
            {
                TrainCount = 1,
                TestCount = 1,
                Size = 64,
            }
        );
        await Refused(
            served,
            HttpStatusCode.BadRequest,
            "The image cannot be read: it ",
            AnswerFiles.Png(large.Test, 0) // 4,096 pixels
        );
        Assert.Equal(HttpStatusCode.NotFound, (await served.Client.GetAsync(new Uri("nowhere", UriKind.Relative))).StatusCode);
        Assert.Equal(
            HttpStatusCode.MethodNotAllowed,
            (await served.Client.GetAsync(new Uri("classify", UriKind.Relative))).StatusCode
        );
        Assert.Equal(1, (await served.Classify(picture)).Values.Sum(), 1e-5);
        Assert.Equal("ready", await served.Client.GetStringAsync(new Uri("health/ready", UriKind.Relative)));
    }

    [Fact]
    public async Task ACrowd_IsRefusedBeyondTheQueue_AndTheOthersAreAnswered()
    {
        using var folder = new TempFolder();
        byte[] picture = Export(folder);
        using var served = ServedModel.Start(folder["model.onnx"], "--concurrency", "1", "--queue", "1");
        var answers = new List<HttpResponseMessage>();
        for (int round = 0; round < 10 && !answers.Exists(answer => !answer.IsSuccessStatusCode); round++)
        {
            answers.AddRange(await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => served.Post(picture))));
        }

        var refused = answers.Where(answer => answer.StatusCode == HttpStatusCode.ServiceUnavailable).ToList();
        Assert.NotEmpty(refused);
        Assert.All(refused, answer => Assert.Equal(TimeSpan.FromSeconds(1), answer.Headers.RetryAfter!.Delta));
        Assert.All(answers.Except(refused), answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Equal(1, (await served.Classify(picture)).Values.Sum(), 1e-5);
    }

    [Fact]
    public async Task AskedToStop_ItAnswersWhatIsUnderWay_AndEndsWith0()
    {
        if (OperatingSystem.IsWindows())
        {
            return; // a process there cannot be asked by another in this way
        }

        using var folder = new TempFolder();
        byte[] picture = Export(folder);
        using var served = ServedModel.Start(folder["model.onnx"]);
        await served.Classify(picture);
        Assert.Equal(0, served.Stop());
    }

    [Fact]
    public void AModelThatCannotBeServed_EndsItWithASentence()
    {
        using var folder = new TempFolder();
        Assert.Equal((1, $"The model '{folder["none.onnx"]}' is not there."), Said("--model", folder["none.onnx"]));
        File.WriteAllText(folder["text.onnx"], "no model");
        var (code, sentence) = Said("--model", folder["text.onnx"]);
        Assert.Equal(1, code);
        Assert.StartsWith($"ONNX Runtime cannot load '{folder["text.onnx"]}'", sentence, StringComparison.Ordinal);
        using var model = PageModels.LeNet(new LeNetOptions());
        model.SaveOnnx(folder["floats.onnx"]);
        (code, sentence) = Said("--model", folder["floats.onnx"]);
        Assert.Equal(1, code);
        Assert.StartsWith($"'{folder["floats.onnx"]}' must take pixels, uint8", sentence, StringComparison.Ordinal);
        Assert.Equal(2, Said().Code);
        Assert.Equal(2, Said("--model", "x", "--queue", "0").Code);
    }

    private static (int Code, string Sentence) Said(params string[] arguments)
    {
        var (code, _, error) = ServedModel.Finish(arguments);
        return (code, error.Trim().Split(" Write it")[0]);
    }

    private static byte[] Export(TempFolder folder)
    {
        using var data = AnswerFiles.Images(1);
        using var model = AnswerFiles.Model("lenet");
        model.SaveOnnx(folder["model.onnx"], data.Test);
        return AnswerFiles.Png(data.Test, 0);
    }

    private static async Task Refused(
        ServedModel served,
        HttpStatusCode status,
        string sentence,
        byte[] body,
        string type = "image/png"
    )
    {
        using var answer = await served.Post(body, type);
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(status == answer.StatusCode, $"{answer.StatusCode}: {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        Assert.StartsWith(sentence, (string?)JsonNode.Parse(text)!["detail"], StringComparison.Ordinal);
    }
}
