namespace VisionSeqModels.Tests.Inference;

/// <summary>The page of samples/Serve in a real browser.</summary>
[Collection("Torch")]
public sealed class ServePageTests
{
    [BrowserTheory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task ThePage_SendsADrawingOrAPicture_AndShowsTheAnswer(int channels)
    {
        using var folder = new TempFolder();
        using var data = SyntheticImages.Create(
            new SyntheticImagesOptions
            {
                TrainCount = 1,
                TestCount = 1,
                Channels = channels,
                Size = 28,
            }
        );
        using var model = VisionModels.LeNet(LeNetOptions.For(data) with { Seed = 1 });
        model.SaveOnnx(folder["model.onnx"], data.Test);
        using var served = ServedModel.Start(folder["model.onnx"]);
        using var page = await BrowserPage.Open(served.Address, folder["profile"]);

        string picture = Convert.ToBase64String(AnswerFiles.Png(data.Test, 0));
        string? best = (string?)
            await page.Evaluate(
                $"(async () => {{ await picture(new File([Uint8Array.from(atob('{picture}'), c => c.charCodeAt(0))], 'a.png', "
                    + "{ type: 'image/png' })); for (let i = 0; i < 100 && $('sure').textContent === ''; i++) await new Promise("
                    + "done => setTimeout(done, 50)); return $('best').textContent; })()"
            );
        var expected = await served.Classify(AnswerFiles.Png(data.Test, 0));
        Assert.Equal(expected.MaxBy(label => label.Value).Key, best);
        Assert.Equal(expected.Count, (int)(await page.Evaluate("document.querySelectorAll('#bars li').length"))!);

        string? problem = (string?)
            await page.Evaluate(
                "(async () => { await picture(new File(['none'], 'a.png', { type: 'image/png' })); for (let i = 0; i < 100 && "
                    + "$('problem').textContent === ''; i++) await new Promise(done => setTimeout(done, 50)); return "
                    + "$('problem').textContent; })()"
            );
        Assert.StartsWith("The image cannot be read: it ", problem, StringComparison.Ordinal);
        if (channels == 1)
        {
            string? sure = (string?)
                await page.Evaluate(
                    "(async () => { strokes.push([{ x: 0.3, y: 0.2 }, { x: 0.7, y: 0.2 }, { x: 0.4, y: 0.8 }]); drawn(); "
                        + "for (let i = 0; i < 100 && $('sure').textContent === ''; i++) await new Promise(done => "
                        + "setTimeout(done, 50)); return $('sure').textContent; })()"
                );
            Assert.Matches(@"^\d+\.\d %$", sure);
        }
    }
}
