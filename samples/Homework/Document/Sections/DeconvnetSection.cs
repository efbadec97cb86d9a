using System.Globalization;
using System.Text.Json.Nodes;

/// <summary>Part 2: what the final LeNet looks for, after Zeiler and Fergus.</summary>
internal static class DeconvnetSection
{
    public const string Part = "2";
    private static readonly string[] Layers = ["activation1", "activation2"];

    private const string Method =
        "Matthew Zeiler and Rob Fergus (Visualizing and Understanding Convolutional Networks) ask of a trained network what in "
        + "an image makes one of its units active. They take a single activation, set all others of its layer to zero, and "
        + "send it back to the pixels through the layers in reverse. Unpooling puts a value back where it came from: the "
        + "switches remember which place won each maximum. A ReLU lets only positive values pass. A convolution is undone, "
        + "roughly, by its own filters transposed.";
    private const string Reading =
        "What arrives is a pattern in that very image, not an image that the network made up: it shows which structure the unit "
        + "answered to, and leaves out what it ignored. For each map they show the strongest activations in many images. "
        + "What the projections have in common is what the map looks for; what differs in the patches below is what the map "
        + "does not mind. In their network low layers find edges and colours and high layers find parts of objects.";

    public static IEnumerable<Block> Of(HomeworkFolder folder)
    {
        yield return new Block.Heading($"{Part}: what it sees");
        if (!Directory.Exists(folder.View("deconvnet", "")))
        {
            yield return new Block.Paragraph("No model was trained to be looked into.");
            yield break;
        }

        yield return Beside(folder, Layers[0], [Method, Strongest(folder, Layers[0])]);
        yield return Beside(folder, Layers[1], [Reading, Strongest(folder, Layers[1])]);
        yield return new Block.Heading("Occlusion", IsPart: true);
        yield return new Block.Paragraph(
            "They also slide a grey square over an image and watch the probability of its class. Where it falls, the network "
                + "needs what is hidden; where it does not, it looks elsewhere. So one sees whether it finds the object "
                + "or its surroundings."
        );
        yield return Hidden(HomeworkFolder.Json(folder.View("deconvnet", "occlusion.json")));
        yield return new Block.Pictures(
            HomeworkFolder.Illustration(
                folder.View("deconvnet", "occlusion.png"),
                "deconvnet_occlusion",
                "Occlusion of the first test image."
            )
        );
    }

    private static Block.Beside Beside(HomeworkFolder folder, string layer, IReadOnlyList<string> paragraphs) =>
        new(
            paragraphs,
            HomeworkFolder.Illustration(
                folder.View("deconvnet", $"top9_{layer}.png"),
                $"deconvnet_{layer}",
                $"The strongest activations of each map of {layer}: above the projection, below the patch of the image."
            )[0]
        );

    /// <summary>How many images the strongest activations come from, and which maps answer to nothing.</summary>
    private static string Strongest(HomeworkFolder folder, string layer)
    {
        var top = HomeworkFolder.Json(folder.View("deconvnet", $"top9_{layer}.json"));
        var maps = top["maps"]!.AsArray().Select(map => map!.AsArray()).ToList();
        int images = maps.SelectMany(map => map).Select(entry => (int)entry!["image_index"]!).Distinct().Count(),
            silent = maps.Count(map => map.All(entry => (double)entry!["activation"]! <= 0));
        var strengths = maps.Select(map => map.Max(entry => (double)entry!["activation"]!)).ToList();
        return $"{layer}: {maps.Count} maps, searched in {(int)top["sample_count"]!} test images. Their strongest "
            + $"activations come from {images} different images. {silent} maps are never active. "
            + string.Create(
                CultureInfo.InvariantCulture,
                $"The strongest activation of a map is between {strengths.Min():f2} and {strengths.Max():f2}."
            );
    }

    private static Block.Paragraph Hidden(JsonNode occlusion)
    {
        double whole = (double)occlusion["probability"]!;
        double[] hidden =
        [
            .. occlusion["probabilities"]!.AsArray().SelectMany(row => row!.AsArray()).Select(value => (double)value!),
        ];
        int changed = occlusion["predictions"]!
            .AsArray()
            .SelectMany(row => row!.AsArray())
            .Count(target => (long)(double)target! != (long)occlusion["target"]!);
        return new Block.Paragraph(
            string.Create(
                CultureInfo.InvariantCulture,
                $"The probability of the predicted class is {whole:f2} for the whole image and between {hidden.Min():f2} and "
            )
                + string.Create(
                    CultureInfo.InvariantCulture,
                    $"{hidden.Max():f2} with a part of it hidden; {changed} of {hidden.Length} places change the prediction."
                )
        );
    }
}
