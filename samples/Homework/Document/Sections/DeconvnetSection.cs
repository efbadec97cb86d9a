using System.Text.Json.Nodes;

/// <summary>Part 2: what the final LeNet looks for, after Zeiler and Fergus.</summary>
internal static class DeconvnetSection
{
    public const string Part = "2";
    private static readonly string[] Layers = ["activation1", "activation2"];

    private const string Method =
        "Matthew Zeiler and Rob Fergus (Visualizing and Understanding Convolutional Networks) ask what in an image makes one "
        + "unit of a trained network active. Their answer is the Deconvnet: the network run backwards. They keep a single "
        + "activation, set all others of its layer to zero, and send it back to the pixels through the layers in reverse. "
        + "Unpooling puts a value back where it came from: the switches remember which place won each maximum. A ReLU lets only "
        + "positive values pass. A convolution is undone, roughly, by its own filters transposed.";
    private const string Reading =
        "What arrives is a pattern in that very image, not an image that the network made up. It shows which structure the unit "
        + "answered to, and leaves out what it ignored. For each map they show the strongest activations in many images. "
        + "What the projections have in common is what the map looks for; what differs in the patches below is what the map "
        + "does not mind. In their network low layers find edges and colours and high layers find parts of objects.";

    public static IEnumerable<Block> Of(HomeworkFolder folder)
    {
        yield return new Block.Heading($"{Part}: what LeNet looks for, by the Deconvnet");
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
                + "needs what is hidden; where it does not, the network looks elsewhere. So one sees whether it finds the "
                + "object or its surroundings. For each place of the square the picture shows the probability, the sum of "
                + "the strongest map and the predicted class. For each pixel it shows the mean fall of the class's score."
        );
        yield return Hidden(
            HomeworkFolder.Json(folder.View("deconvnet", "occlusion.json")),
            folder.Data("lenet", folder.Trials("lenet", "base")[0])
        );
        yield return new Block.Pictures(
            HomeworkFolder.Illustration(
                folder.View("deconvnet", "occlusion.png"),
                "deconvnet_occlusion",
                "The first test image with a square at each place: what becomes of the prediction."
            )
        );
    }

    private static Block.Beside Beside(HomeworkFolder folder, string layer, IReadOnlyList<string> paragraphs) =>
        new(
            paragraphs,
            HomeworkFolder.Illustration(
                folder.View("deconvnet", $"top9_{layer}.png"),
                $"deconvnet_{layer}",
                $"{Title(folder, layer)}, the strongest activations of each map: above the projection, below the patch of the "
                    + "image."
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
        string active = silent switch
        {
            0 => "Every map is active in some image.",
            1 => "One map is active in no image.",
            _ => $"{silent} maps are active in no image.",
        };
        return $"{Title(folder, layer)}: {maps.Count} maps, searched in {Phrases.Count((int)top["sample_count"]!)} test images. "
            + $"Their strongest activations come from {images} different images. {active} The strongest activation of a map is "
            + $"between {Phrases.Value(strengths.Min())} and {Phrases.Value(strengths.Max())}.";
    }

    /// <summary>The layer as activations.json names it.</summary>
    private static string Title(HomeworkFolder folder, string layer) =>
        HomeworkFolder.Json(folder.Of("lenet", folder.Trials("lenet", "base")[0], "activations.json"))["layers"]!
            .AsArray()
            .Where(entry => (string?)entry!["name"] == layer)
            .Select(entry => entry!["title"]!.ToString())
            .FirstOrDefault(layer);

    private static Block.Paragraph Hidden(JsonNode occlusion, JsonNode data)
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
        string change = changed switch
        {
            0 => "no place changes the prediction",
            1 => $"one of {hidden.Length} places changes the prediction",
            _ => $"{changed} of {hidden.Length} places change the prediction",
        };
        return new Block.Paragraph(
            $"The first test image is taken for {Phrases.ClassName(data, occlusion["target"]!)}: probability "
                + $"{Phrases.Value(whole)}. With a part of it hidden the probability is between {Phrases.Value(hidden.Min())} "
                + $"and {Phrases.Value(hidden.Max())}; {change}."
        );
    }
}
