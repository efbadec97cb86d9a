using System.Text.Json.Nodes;

namespace VisionSeqModels.Tests.Inference;

/// <summary>A model's page in a real browser, on a phone and on a desk.</summary>
[Collection("Torch")]
public sealed class ModelPageBrowserTests
{
    private const string Before =
        "<script>window.faults = []; addEventListener('error', e => faults.push(e.message)); "
        + "addEventListener('unhandledrejection', e => faults.push(String(e.reason)));</script>";

    /// <summary>Draws by pointer and by keyboard, and leaves what was found at the page's end.</summary>
    private const string After = """
        <script>
        addEventListener('load', () => examine().catch(e => parent.postMessage(JSON.stringify({ faults: [e.stack] }), '*')));
        async function examine() {
          const found = { faults }, frame = () => new Promise(done => requestAnimationFrame(() => setTimeout(done, 0)));
          const all = selector => [...document.querySelectorAll(selector)];
          const pointer = (name, x, y) => {
            const box = pad.getBoundingClientRect();
            pad.dispatchEvent(new PointerEvent(name, { clientX: box.left + x * box.width, clientY: box.top + y * box.height,
              button: 0, pointerId: 1, isPrimary: true, bubbles: true, pointerType: 'mouse' }));
          };
          pad.setPointerCapture = () => {};
          const key = (name, shiftKey = false) =>
            pad.dispatchEvent(new KeyboardEvent('keydown', { key: name, shiftKey, cancelable: true, bubbles: true }));
          const draw = points => {
            pointer('pointerdown', ...points[0]);
            points.slice(1).forEach(point => pointer('pointermove', ...point));
            pointer('pointerup', ...points.at(-1));
          };
          const ink = pixels => {
            let mass = 0, x = 0, y = 0, box = [28, -1, 28, -1];
            pixels.forEach((value, i) => {
              const column = i % 28, row = Math.floor(i / 28);
              mass += value; x += value * (column + 0.5); y += value * (row + 0.5);
              if (value > 0) {
                box = [Math.min(box[0], column), Math.max(box[1], column), Math.min(box[2], row), Math.max(box[3], row)];
              }
            });
            return { x: x / mass, y: y / mass, side: Math.max(box[1] - box[0], box[3] - box[2]) + 1 };
          };
          const sum = () => all('#bars .fill').reduce((total, fill) => total + parseFloat(fill.style.width), 0);
          found.width = innerWidth;
          found.overflow = document.documentElement.scrollWidth - innerWidth;
          found.title = document.title;
          found.emptySure = document.getElementById('sure').textContent;
          found.canDraw = model.input.drawn;
          found.examples = all('#examples button').length;
          if (found.canDraw) {
            const seven = [[0.1, 0.1], [0.3, 0.1], [0.2, 0.4]], big = seven.map(([x, y]) => [x * 2.4 + 0.1, y * 2.2 + 0.05]);
            found.inks = [];
            for (const stroke of [seven, big]) {
              draw(stroke);
              await frame();
              found.inks.push(ink(state.pixels));
              document.getElementById('clear').click();
              await frame();
            }
            pad.focus();
            key(' '); key('ArrowDown', true); key('ArrowDown', true); key(' ');
            await frame();
            found.keyed = state.strokes.length === 1 && state.strokes[0].length === 3;
            found.sum = sum();
            found.sure = document.getElementById('sure').textContent;
            key('Backspace');
            await frame();
            found.undone = state.strokes.length === 0 && document.getElementById('best').textContent === '–';
          }
          if (found.examples > 0) {
            document.querySelector('#examples button').click();
            await frame();
            found.exampleSum = sum();
          }
          const canvas = document.createElement('canvas');
          [canvas.width, canvas.height] = [90, 60];
          const context = canvas.getContext('2d');
          context.fillStyle = '#fff'; context.fillRect(0, 0, 90, 60);
          context.fillStyle = '#000'; context.fillRect(40, 15, 6, 30);
          await read(await new Promise(done => canvas.toBlob(done)));
          await frame();
          found.pictured = sum();
          await read(new Blob(['no picture']));
          found.problem = document.getElementById('problem').textContent;
          found.layers = all('.layer').map(layer => layer.querySelector('h3').textContent);
          found.wide = all('.layer canvas, .layer').filter(each => each.getBoundingClientRect().right > innerWidth).length;
          found.unnamed = all('button, input, canvas').filter(each => !each.hidden && each.closest('[hidden]') === null
            && !(each.getAttribute('aria-label') || each.closest('[aria-label]') || each.textContent.trim()))
            .length;
          found.requests = performance.getEntriesByType('resource').filter(each => !each.name.startsWith('blob:')).length;
          parent.postMessage(JSON.stringify(found), '*');
        }
        </script>
        """;

    [BrowserTheory]
    [InlineData(360)]
    [InlineData(1280)]
    public async Task AGreyPage_Draws_ByPointerAndKeyboard_AsMnistIsCentered(int width)
    {
        using var model = PageModels.LeNet(new LeNetOptions());
        var found = await Open(width, path => model.SavePage(path));

        Holds(found, width);
        Assert.Equal("Draw a digit", (string?)found["title"]);
        Assert.All(
            found["inks"]!.AsArray(),
            ink =>
            {
                Assert.InRange((double)ink!["x"]!, 13.5, 14.5); // the centre of mass, wherever and however large it is drawn
                Assert.InRange((double)ink["y"]!, 13.5, 14.5);
                Assert.InRange((int)ink["side"]!, 19, 22); // antialiased edges reach into a pixel more
            }
        );
        Assert.True((bool)found["keyed"]!, "drawn by the keyboard");
        Assert.True((bool)found["undone"]!, "taken back by the keyboard");
        Assert.InRange((double)found["sum"]!, 99.9, 100.1);
        Assert.Matches(@"^\d+\.\d %$", (string?)found["sure"]);
        Assert.Equal(
            ["conv1 + ReLU", "pool1", "conv2 + ReLU", "pool2", "fc1 + ReLU", "fc2 + ReLU"],
            found["layers"]!.AsArray().Select(title => (string)title!)
        );
    }

    [BrowserTheory]
    [InlineData(360)]
    [InlineData(1280)]
    public async Task AColourPage_TakesExamplesAndPictures(int width)
    {
        using var data = SyntheticImages.Create(new SyntheticImagesOptions { TrainCount = 1, TestCount = 40 });
        using var model = VisionModels.LeNet(LeNetOptions.For(data));
        var found = await Open(width, path => model.SavePage(path, data.Test));

        Holds(found, width);
        Assert.False((bool)found["canDraw"]!);
        Assert.Equal(10, (int)found["examples"]!);
        Assert.InRange((double)found["exampleSum"]!, 99.9, 100.1);
    }

    private static void Holds(JsonNode found, int width)
    {
        Assert.Empty(found["faults"]!.AsArray());
        Assert.Equal(width, (int)found["width"]!);
        Assert.InRange((int)found["overflow"]!, int.MinValue, 0);
        Assert.Equal(0, (int)found["requests"]!);
        Assert.Equal(0, (int)found["wide"]!);
        Assert.Equal(0, (int)found["unnamed"]!);
        Assert.Equal("", (string?)found["emptySure"]);
        Assert.InRange((double)found["pictured"]!, 99.9, 100.1);
        Assert.StartsWith("This is no picture", (string?)found["problem"], StringComparison.Ordinal);
    }

    private static async Task<JsonNode> Open(int width, Action<string> save)
    {
        using var folder = new TempFolder();
        save(folder["page.html"]);
        string document = File.ReadAllText(folder["page.html"]);
        File.WriteAllText(
            folder["page.html"],
            document
                .Replace("<head>", "<head>" + Before, StringComparison.Ordinal)
                .Replace("</body>", After + "</body>", StringComparison.Ordinal)
        );
        File.WriteAllText(folder["frame.html"], Browser.Frame(width));
        using var page = await BrowserPage.Open(new Uri(folder["frame.html"]), folder["profile"]);
        string found = (string)
            (
                await page.Evaluate(
                    "new Promise(done => { const look = () => document.getElementById('found').textContent ? "
                        + "done(document.getElementById('found').textContent) : setTimeout(look, 50); look(); })"
                )
            )!;
        return JsonNode.Parse(found)!;
    }
}
