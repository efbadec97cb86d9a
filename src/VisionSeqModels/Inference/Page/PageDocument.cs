using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using VisionSeqModels.Core;
using VisionSeqModels.Torch;

namespace VisionSeqModels.Inference;

/// <summary>The page's text, from the files beside this one, which are part of the assembly.</summary>
/// <param name="modelName">The model's name.</param>
/// <param name="input">The images that it reads.</param>
/// <param name="title">The heading; null for one that fits.</param>
internal sealed partial class PageDocument(string modelName, PageInput input, string? title)
{
    private bool IsDrawn => input.Shape[0] == 1;

    public string Text(JsonArray layers, PageWeights weights, JsonArray examples)
    {
        string count = weights.Count.ToString("N0", CultureInfo.InvariantCulture);
        var parts = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["title"] = Html(
                title
                    ?? (
                        !IsDrawn ? "Choose a picture"
                        : input.AreDigits ? "Draw a digit"
                        : "Draw or choose an image"
                    )
            ),
            ["summary"] = $"{Html(modelName)}, {count} weights. It runs in this page, and nothing leaves your device.",
            ["input-heading"] = IsDrawn ? "Draw here" : "Your picture",
            ["pad-label"] = IsDrawn ? "Drawing pad" : "Picture; press Enter to choose one",
            ["hint"] = Hint,
            ["about"] = About(count),
            ["style"] = Resource("page.css"),
            ["script"] = Resource("network.js") + Resource("drawing.js") + Resource("view.js"),
            ["model"] = Description(layers, examples).ToJsonString(),
            ["weights"] = weights.ToBase64(),
        };
        return Place().Replace(Resource("page.html"), match => parts[match.Groups[1].Value]);
    }

    private string Hint =>
        !IsDrawn ? "Drop a picture here, paste one, or choose one below"
        : input.AreDigits ? "Draw a digit from 0 to 9"
        : "Draw here, or drop a picture";

    private JsonObject Description(JsonArray layers, JsonArray examples)
    {
        var (scale, offset) = input.Normalization.Numbers();
        return new JsonObject
        {
            ["input"] = new JsonObject
            {
                ["shape"] = new JsonArray([.. input.Shape.Select(size => (JsonNode)size)]),
                ["scale"] = new JsonArray([.. scale.Select(number => (JsonNode)(double)number)]),
                ["offset"] = new JsonArray([.. offset.Select(number => (JsonNode)(double)number)]),
                ["centred"] = input.IsCentered,
                ["drawn"] = IsDrawn,
                ["resize"] = input.Preparation.Resize.ToString(),
                ["background"] = input.Preparation.Background,
            },
            ["classes"] = new JsonArray([.. input.ClassNames.Select(name => (JsonNode)name)]),
            ["output"] = input.Output.ToString().ToLowerInvariant(),
            ["layers"] = layers,
            ["examples"] = examples,
        };
    }

    private string About(string count)
    {
        string means = OptionFaults.Text(input.Normalization.Mean)!;
        string deviations = OptionFaults.Text(input.Normalization.StandardDeviation)!;
        string centering = input.IsCentered
            ? "<p>A drawing is scaled so that its ink fills 20 of 28 pixels, and moved so that its centre of mass lies in the "
                + "middle, as the digits of MNIST were made.</p>"
            : "";
        return $"<p>The model is {Html(modelName)} with {count} weights, which are part of this file as 32-bit numbers. It reads "
            + $"images of {input.Shape[2]}×{input.Shape[1]} pixels and {input.Shape[0]} "
            + $"{(input.Shape[0] == 1 ? "channel" : "channels")}, normalised as (pixel / 255 − mean) / standard deviation, with "
            + $"mean {means} and standard deviation {deviations}.</p>{centering}<p>The page makes no request and keeps nothing. "
            + $"Written by VisionSeqModels {Html(TorchRuntime.LibraryVersion)}.</p>";
    }

    private static string Html(string text) => WebUtility.HtmlEncode(PlainText.Of(text));

    private static string Resource(string name)
    {
        using var stream = typeof(PageDocument).Assembly.GetManifestResourceStream($"VisionSeqModels.Page.{name}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    [GeneratedRegex(@"\{\{([a-z-]+)\}\}")]
    private static partial Regex Place();
}
