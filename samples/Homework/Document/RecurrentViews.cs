using VisionSeqModels.Drawing;

/// <summary>What a trained recurrent model does step by step, and what it confuses.</summary>
internal static class RecurrentViews
{
    public static IReadOnlyList<Block> Of(HomeworkFolder folder, string model) =>
        !Directory.Exists(folder.View(model, ""))
            ? []
            :
            [
                new Block.Pictures(
                    HomeworkFolder.Illustration(
                        folder.View(model, "hidden_states.png"),
                        $"{model}_hidden_states",
                        "The hidden units, step by step, for the first test image."
                    )
                ),
                new Block.Pictures([
                    .. HomeworkFolder.Illustration(
                        folder.View(model, "confusion.png"),
                        $"{model}_confusion",
                        "True and predicted classes."
                    ),
                    .. HomeworkFolder.Illustration(
                        folder.View(model, "mistakes.png"),
                        $"{model}_mistakes",
                        "The most confident errors."
                    ),
                ]),
            ];

    /// <summary>The accuracy after each row, and how much of the gradient reaches each row.</summary>
    public static Block.Pictures StepByStep(HomeworkFolder folder, IReadOnlyList<string> models)
    {
        LineSeries Line(string model, string file, string y, Func<int, double> x)
        {
            double[] values = [.. HomeworkFolder.Json(folder.View(model, file))[y]!.AsArray().Select(value => (double)value!)];
            return new LineSeries
            {
                Name = model.ToUpperInvariant(),
                X = [.. Enumerable.Range(1, values.Length).Select(x)],
                Y = values,
            };
        }

        string[] there = [.. models.Where(model => Directory.Exists(folder.View(model, "")))];
        return new Block.Pictures(
            StudyCharts.Lines(
                "prefix_accuracy",
                "Accuracy when only the first rows are read",
                [.. there.Select(model => Line(model, "prefix_accuracy.json", "accuracies", row => row))],
                "rows read",
                "accuracy"
            ),
            StudyCharts.Lines(
                "gradient_flow",
                "Gradient of the loss at each row",
                [.. there.Select(model => Line(model, "gradient_flow.json", "state_norms", row => row))],
                "row",
                "norm",
                logarithmic: true
            )
        );
    }
}
