using System.Text.Json;

namespace VisionSeqModels.Samples.Serve;

/// <summary>What an ONNX file says of itself besides its graph. Any program may have written it, so every entry is
/// checked.</summary>
/// <param name="Classes">The names of the outputs; their numbers where the file has none.</param>
/// <param name="Activation">What makes probabilities of the outputs; null where they are what they are.</param>
/// <param name="Resize">How a picture gets the model's size; null where the file does not say.</param>
/// <param name="Background">The colour behind and beside a picture; null where the file does not say.</param>
internal sealed record ServedMetadata(
    string[] Classes,
    Func<float[], float[]>? Activation,
    ImageResize? Resize,
    string? Background
)
{
    private const string Advice = "Export it again with SaveOnnx(path, data).";

    /// <exception cref="InvalidDataException">An entry that SaveOnnx does not write; the message says which.</exception>
    /// <param name="path">The file, for messages.</param>
    /// <param name="entries">Its <c>metadata_props</c>.</param>
    /// <param name="outputs">How many numbers the graph gives for an image.</param>
    public static ServedMetadata Read(string path, IReadOnlyDictionary<string, string> entries, int outputs)
    {
        string[] classes = entries.TryGetValue("class_names", out string? json)
            ? Names(json)
            : [.. Enumerable.Range(0, outputs).Select(i => $"{i}")];
        string? targets = Choice("targets", "classes", "labels", "values");
        Func<float[], float[]>? activation =
            Choice("output", "probabilities", "scores", "values") != "scores" ? null
            : targets == "labels" ? Sigmoid
            : targets == "classes" && outputs > 1 ? Softmax
            : null;
        ImageResize? resize = Choice("resize", null, "shorter_side", "stretch", "letterbox") switch
        {
            "shorter_side" => ImageResize.ShorterSide,
            "stretch" => ImageResize.Stretch,
            "letterbox" => ImageResize.Letterbox,
            _ => null,
        };
        string? background = entries.GetValueOrDefault("background");
        if (background is not null && !(background is ['#', _, _, _, _, _, _] && background.Skip(1).All(char.IsAsciiHexDigit)))
        {
            throw Fault("background", background, "a colour such as #ffffff");
        }

        return new ServedMetadata(classes, activation, resize, background);

        string? Choice(string key, string? otherwise, params string[] others) =>
            !entries.TryGetValue(key, out string? value) ? otherwise
            : value == otherwise || others.Contains(value) ? value
            : throw Fault(key, value, $"one of {string.Join(", ", otherwise is null ? others : others.Prepend(otherwise))}");

        string[] Names(string text)
        {
            string?[]? names = null;
            try
            {
                names = JsonSerializer.Deserialize<string?[]>(text);
            }
            catch (JsonException)
            {
                // said below
            }

            return names?.Length == outputs && names.OfType<string>().Count() == outputs
                ? [.. names.OfType<string>()]
                : throw Fault("class_names", text, $"a JSON list of {outputs} names");
        }

        InvalidDataException Fault(string key, string value, string expected) =>
            new($"The entry {key} of '{path}' must be {expected}, but is '{Short(value)}'. {Advice}");
    }

    private static float[] Softmax(float[] scores)
    {
        double largest = scores.Max();
        double[] powers = [.. scores.Select(score => Math.Exp(score - largest))];
        double sum = powers.Sum();
        return [.. powers.Select(power => (float)(power / sum))];
    }

    private static float[] Sigmoid(float[] scores) => [.. scores.Select(score => (float)(1 / (1 + Math.Exp(-(double)score))))];

    private static string Short(string text) => text.Length <= 80 ? text : $"{text[..79]}…";
}
