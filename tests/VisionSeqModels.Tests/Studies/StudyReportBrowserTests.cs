using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies;

/// <summary>The report in a real browser, on a phone and on a desk.</summary>
[Collection("Torch")]
public sealed partial class StudyReportBrowserTests
{
    private const string Before =
        "<script>window.faults = []; addEventListener('error', e => faults.push(e.message)); "
        + "addEventListener('unhandledrejection', e => faults.push(String(e.reason)));</script>";

    /// <summary>Looks at the page, uses it, and leaves what was found at its end.</summary>
    private const string After = """
        <script>
        addEventListener('load', () => {
          const all = (selector, root = document) => [...root.querySelectorAll(selector)];
          const shown = element => getComputedStyle(element).display !== 'none';
          const box = element => element.getBoundingClientRect(), charts = all('.chart'), lines = all('.chart polyline');
          const apart = (a, b) => a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
          const found = {
            faults,
            width: innerWidth,
            overflow: document.documentElement.scrollWidth - innerWidth,
            requests: performance.getEntriesByType('resource').length,
          };
          found.charts = charts.length;
          found.lines = lines.length;
          found.emptyCharts = charts.filter(chart =>
            box(chart).width < 100 || box(chart).height < 60 || all('polyline', chart).length === 0).length;
          found.emptyLines = lines.filter(line => !line.matches('.part')
            && (line.points.length === 0 || line.points.length !== line.dataset.v.split(' ').length)).length;
          found.smallestText = Math.min(...charts.flatMap(chart => all('text', chart).map(text =>
            parseFloat(getComputedStyle(text).fontSize) * box(chart).width / chart.viewBox.baseVal.width)));
          found.overlaps = charts.filter(chart => {
            const labels = all('text', chart).map(box);
            return labels.some((a, i) => labels.some((b, j) => i < j && !apart(a, b)));
          }).length;
          found.labelsOutside = charts.filter(chart => all('text', chart).some(text =>
            box(text).left < box(chart).left - 0.5 || box(text).right > box(chart).right + 0.5)).length;
          found.wideTables = all('table').filter(table => box(table.parentNode).right > innerWidth).length;
          found.marks = all('td.best [aria-label=best]').length;

          const tools = document.querySelector('.table.tools'), more = all('.more', tools);
          found.folded = more.length > 0 && more.every(cell => !shown(cell));
          tools.querySelector('.unfold').click();
          found.unfolded = more.every(shown);
          tools.querySelector('.unfold').click();
          const names = () => all('tbody tr', tools).filter(row => !row.hidden).map(row => row.cells[0].textContent);
          const order = names().join('|'), head = tools.querySelectorAll('thead button')[1];
          head.click();
          found.sorted = names().at(-1).startsWith('too quick') && names().join('|') !== order;
          head.click();
          head.click();
          found.unsorted = names().join('|') === order;
          const field = tools.querySelector('input[type=search]');
          field.value = 'MIDD';
          field.dispatchEvent(new Event('input'));
          found.filtered = names().join() === 'middling' && tools.querySelector('output').textContent === '1 of 4 rows';
          field.value = '';
          field.dispatchEvent(new Event('input'));
          found.sortSign = getComputedStyle(tools.querySelector('thead button'), '::after').content.includes('\u2195');
          found.cards = all('.card').length;
          found.links = all('.card a[href$="/report.html"]').length;
          found.sparks = all('.spark path').length;

          const pick = document.querySelector('.legend [name=setting]');
          const axis = chart => all('.axes text[text-anchor=end]', chart).map(text => text.textContent).join(' ');
          pick.click();
          found.hidden = all('.charts [data-s="0"]').every(element => !shown(element))
            && all('.charts [data-s="1"]').every(shown);
          const before = axis(charts[0]);
          for (const box of all('.legend [name=setting]').slice(1)) box.click();
          found.unfaded = !all('.marked').length;
          pick.click();
          found.rescaled = axis(charts[0]) !== before;
          for (const box of all('.legend [name=setting]').slice(1)) box.click();
          found.restored = axis(charts[0]) === before;
          const placed = all('.chart polyline')[0].getAttribute('points');
          const log = charts[1].parentNode.querySelector('[name=log]');
          log.click();
          found.log = axis(charts[1]) !== '' && !axis(charts[1]).includes('NaN');
          log.click();
          const parts = document.querySelector('[name=parts]');
          found.partsHidden = all('polyline.part').every(line => !shown(line));
          parts.click();
          found.parts = all('polyline.part').every(line => shown(line) && line.points.length > 0)
            && all('.band').every(band => !shown(band));
          parts.click();
          found.bands = all('.band').length > 0 && all('.band').every(shown);
          found.placed = all('.chart polyline')[0].getAttribute('points') === placed;
          found.shownAgain = all('.charts [data-s]').every(shown);
          document.querySelector('.legend button[value=none]').click();
          found.allHidden = all('.charts [data-s]').every(element => !shown(element));
          document.querySelector('.legend button[value=all]').click();
          pick.focus();
          found.marked = all('.charts:not(.small) g.mark').every(g => g.dataset.s === '0')
            && all('.charts:not(.small) g.mark').length > 0;

          const chart = charts[1], line = chart.querySelector('[data-s="1"] polyline.r0');
          const last = line.points[line.points.length - 1], output = chart.parentNode.querySelector('output');
          const at = new DOMPoint(last.x, last.y).matrixTransform(line.getScreenCTM());
          chart.dispatchEvent(new PointerEvent('pointermove', { clientX: at.x, clientY: at.y, pointerType: 'mouse' }));
          found.pointed = output.textContent;
          found.expected = `${line.dataset.n}, epoch ${line.points.length}: ${line.dataset.v.split(' ').at(-1)} `
            + `(${line.dataset.lo.split(' ').at(-1)} to ${line.dataset.hi.split(' ').at(-1)})`;
          chart.dispatchEvent(new PointerEvent('pointerleave', { pointerType: 'mouse' }));
          found.left = output.textContent;
          const press = key => chart.dispatchEvent(new KeyboardEvent('keydown', { key, cancelable: true }));
          chart.focus();
          found.focused = document.activeElement === chart;
          press('ArrowRight'); press('ArrowLeft'); press('ArrowDown');
          found.keys = output.textContent;
          parent.postMessage(JSON.stringify(found), '*');
        });
        </script>
        """;

    [BrowserTheory]
    [InlineData(360)]
    [InlineData(768)]
    [InlineData(1280)]
    public void Page_HasNoScriptError_ShowsAllCharts_AndFitsTheWindow(int width)
    {
        using var folder = new TempFolder();
        TinyStudy
            .Run(
                folder["study"],
                new StudyOptions { Seeds = [1, 2] },
                ("slow <&>", 0.01),
                ("quick", 0.1),
                ("too quick for its own good, and with a name longer than a phone is wide", 1e38),
                ("middling", 0.05)
            )
            .WriteReport();
        string page = File.ReadAllText(folder["study/report.html"]);
        File.WriteAllText(
            folder["page.html"],
            page.Replace("<head>", "<head>" + Before, StringComparison.Ordinal)
                .Replace("</body>", After + "</body>", StringComparison.Ordinal)
        );

        File.WriteAllText(folder["frame.html"], Browser.Frame(width));
        string document = Browser.Open(folder["frame.html"], folder["profile"]);
        var found = JsonNode.Parse(WebUtility.HtmlDecode(Found().Match(document).Groups[1].Value))!;

        Assert.Empty(found["faults"]!.AsArray());
        Assert.Equal(width, (int)found["width"]!);
        Assert.Equal(0, (int)found["requests"]!);
        Assert.InRange((int)found["overflow"]!, int.MinValue, 0);
        // Two metrics, and each for the settings with a full epoch; a diverged epoch has an accuracy.
        Assert.Equal(2 + 3 + 4, (int)found["charts"]!);
        // Large and small, two metrics, three settings, training and test: a mean and two seeds.
        Assert.Equal(2 * ((2 * 3 * 2 * 3) + 3), (int)found["lines"]!);
        Assert.All(
            ["emptyCharts", "emptyLines", "overlaps", "labelsOutside", "wideTables"],
            name => Assert.True((int)found[name]! == 0, $"{name}: {found[name]}")
        );
        Assert.InRange((double)found["smallestText"]!, 9, 20);
        Assert.InRange((int)found["marks"]!, 4, 12);
        Assert.Equal((8, 8), ((int)found["cards"]!, (int)found["links"]!));
        Assert.InRange((int)found["sparks"]!, 12, 16);
        string[] tables = ["folded", "unfolded", "sorted", "unsorted", "filtered", "sortSign"];
        Assert.All(tables, name => Assert.True((bool)found[name]!, name));
        string[] promises = ["hidden", "unfaded", "rescaled", "restored", "log", "partsHidden", "parts", "bands", "placed"];
        Assert.All([.. promises, "shownAgain", "allHidden", "marked", "focused"], name => Assert.True((bool)found[name]!, name));
        Assert.Equal((string?)found["expected"], (string?)found["pointed"]);
        Assert.Equal("", (string?)found["left"]);
        Assert.Matches("^slow <&>, mean of 2 seeds, training, epoch 2: 0\\.", (string?)found["keys"]);
    }

    [GeneratedRegex("<pre id=\"found\">(.+?)</pre>")]
    private static partial Regex Found();
}
