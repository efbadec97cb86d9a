using System.Text.Json.Nodes;
using VisionSeqModels.Drawing;

/// <summary>What a trained recurrent model does step by step, and what it confuses.</summary>
internal static class RecurrentViews
{
    /// <param name="folder">The homework.</param>
    /// <param name="model">The name of the view.</param>
    /// <param name="data">What the model's run.json says of its data.</param>
    public static IReadOnlyList<Block> Of(HomeworkFolder folder, string model, JsonNode data) =>
        !Directory.Exists(folder.View(model, ""))
            ? []
            :
            [
                new Block.Paragraph(Errors(HomeworkFolder.Json(folder.View(model, "mistakes.json")), model, data)),
                new Block.Pictures(
                    HomeworkFolder.Illustration(
                        folder.View(model, "hidden_states.png"),
                        $"{model}_hidden_states",
                        $"{model.ToUpperInvariant()}: the hidden units, row by row, for the first test image."
                    )
                ),
                new Block.Pictures([
                    .. HomeworkFolder.Illustration(
                        folder.View(model, "confusion.png"),
                        $"{model}_confusion",
                        $"{model.ToUpperInvariant()}: true and predicted classes."
                    ),
                    .. HomeworkFolder.Illustration(
                        folder.View(model, "mistakes.png"),
                        $"{model}_mistakes",
                        $"{model.ToUpperInvariant()}: the most confident errors."
                    ),
                ]),
            ];

    private static string Errors(JsonNode errors, string model, JsonNode data)
    {
        var first = errors["mistakes"]!.AsArray().FirstOrDefault();
        string most = first is null
            ? ""
            : $" The most confident error is a {Phrases.ClassName(data, first["actual"]!)} taken for "
                + $"{Phrases.ClassName(data, first["predicted"]!)}: probability {Phrases.Value((double)first["probability"]!)}.";
        return $"{model.ToUpperInvariant()}, the model of the first seed: {Phrases.Count((long)errors["mistake_count"]!)} of "
            + $"{Phrases.Count((long)errors["sample_count"]!)} test images are wrong.{most}";
    }

    /// <summary>The accuracy after each row, and how much of the gradient reaches each row.</summary>
    public static IReadOnlyList<Block> StepByStep(HomeworkFolder folder, IReadOnlyList<string> models)
    {
        double[] Values(string model, string file, string y) =>
            [.. HomeworkFolder.Json(folder.View(model, file))[y]!.AsArray().Select(value => (double)value!)];

        LineSeries Line(string model, string file, string y)
        {
            double[] values = Values(model, file, y);
            return new LineSeries
            {
                Name = model.ToUpperInvariant(),
                X = [.. Enumerable.Range(1, values.Length).Select(row => (double)row)],
                Y = values,
            };
        }

        string[] there = [.. models.Where(model => Directory.Exists(folder.View(model, "")))];
        var charts = new Block.Pictures(
            StudyCharts.Lines(
                "prefix_accuracy",
                "Accuracy when only the first rows are read",
                [.. there.Select(model => Line(model, "prefix_accuracy.json", "accuracies"))],
                "rows read",
                "accuracy"
            ),
            StudyCharts.Lines(
                "gradient_flow",
                "Gradient of the loss at each row",
                [.. there.Select(model => Line(model, "gradient_flow.json", "state_norms"))],
                "row",
                "norm",
                logarithmic: true
            )
        );
        return there.Length == 0
            ? []
            :
            [
                new Block.Paragraph(
                    "The models are the final RNN, and the LSTM and the GRU of as many units, each with the first seed. "
                        + "An image's rows are read from the top down. The norm of the gradient at a row says how much "
                        + $"the loss depends on what the model remembers there. {string.Join(" ", there.Select(Sentence))}"
                ),
                charts,
            ];

        string Sentence(string model)
        {
            double[] accuracies = Values(model, "prefix_accuracy.json", "accuracies"),
                norms = Values(model, "gradient_flow.json", "state_norms");
            int half = accuracies.Length / 2;
            return $"{model.ToUpperInvariant()}: accuracy {Phrases.Value(accuracies[half - 1])} after {half} rows and "
                + $"{Phrases.Value(accuracies[^1])} after all; gradient {Phrases.Value(norms[0])} at the first row and "
                + $"{Phrases.Value(norms[^1])} at the last.";
        }
    }
}
