using System.Globalization;
using System.Text.Json.Nodes;

/// <summary>Part 1c: the final run with its settings, curves, filters and activations.</summary>
internal static class FinalLeNet
{
    public const string Part = "1c";

    public static IEnumerable<Block> Of(HomeworkFolder folder)
    {
        yield return new Block.Heading($"{Part}: the final LeNet");
        var trials = folder.Trials("lenet", "base");
        if (trials.Count == 0)
        {
            yield return new Block.Paragraph("No trial of it ended well.");
            yield break;
        }

        var shown = trials[0];
        string Run(string file) => folder.Of("lenet", shown, file);
        yield return FinalBlock.Sentence(trials);
        yield return FinalBlock.Settings(HomeworkFolder.Json(Run("run.json")));
        Illustration[] pictures =
        [
            .. HomeworkFolder.Illustration(Run("curves.png"), "lenet_curves", $"The curves of seed {shown.Seed}."),
            .. HomeworkFolder.Illustration(Run("conv1_weights.png"), "lenet_filters", "The filters of the first convolution."),
            .. HomeworkFolder.Illustration(Run("activations.png"), "lenet_activations", "The activations over the test images."),
            .. HomeworkFolder.Illustration(
                folder.View("lenet", "confusion.png"),
                "lenet_confusion",
                "True and predicted classes."
            ),
        ];
        yield return new Block.Pictures(pictures[..1]);
        yield return new Block.Pictures(pictures[1..2]);
        yield return new Block.Heading("Activations", IsPart: true);
        var layers = HomeworkFolder.Json(Run("activations.json"))["layers"]!.AsArray();
        yield return new Block.Paragraph(string.Join(" ", layers.Select(layer => Activations(layer!))));
        yield return new Block.Pictures(pictures[2..3]);
        yield return new Block.Heading("Errors", IsPart: true);
        yield return FinalBlock.Confusion(folder.View("lenet", "confusion.json"));
        yield return new Block.Pictures([
            .. pictures[3..],
            .. HomeworkFolder.Illustration(folder.View("lenet", "mistakes.png"), "lenet_mistakes", "The most confident errors."),
        ]);
    }

    private static string Activations(JsonNode layer)
    {
        var all = layer["all"]!;
        int dead = layer["channels"]!.AsArray().Count(channel => (bool)channel!["is_dead"]!),
            channels = layer["channels"]!.AsArray().Count;
        return string.Create(
                CultureInfo.InvariantCulture,
                $"Layer {layer["title"]}: mean {(double)all["mean"]!:f4}, "
                    + $"standard deviation {(double)all["standard_deviation"]!:f4}. "
            )
            + string.Create(
                CultureInfo.InvariantCulture,
                $"Of the activations {100 * (double)all["zero_share"]!:f0} % are zero; "
            )
            + (dead == 0 ? "no channel is dead." : $"{dead} of {channels} channels are dead.");
    }
}
