using System.Text.Json.Nodes;
using VisionSeqModels.Studies;

/// <summary>The final block of a part: how good the final setting is, its options, and what it confuses.</summary>
internal static class FinalBlock
{
    private static readonly (string Key, string Name)[] ModelOptions =
    [
        ("fc1_size", "fc1 units"),
        ("hidden_size", "hidden size"),
        ("input_size", "values a step"),
    ];

    public static Block Sentence(IReadOnlyList<TrialResult> trials)
    {
        var test = StudyTable.Last(trials, "test_accuracy");
        return new Block.Paragraph(
            $"After epoch {trials[0].Final!.Epoch} the test accuracy is {test.Text}, and the training accuracy "
                + $"{StudyTable.Last(trials, "train_accuracy").Text}. The pictures show the model of the first seed."
        );
    }

    /// <summary>The options of a run, as its run.json has them.</summary>
    public static Block Settings(JsonNode run)
    {
        var trainer = run["trainer"]!;
        var optimizer = trainer["optimizer"]!.AsObject();
        var model = run["model"]!;
        return new Block.Table(
            ["option", "value"],
            [
                ["model", $"{model["name"]}, {Phrases.Count((long)model["parameters"]!)} parameters"],
                .. from option in ModelOptions
                let value = model["options"]![option.Key]
                where value is not null
                select (string[])[option.Name, value.ToString()],
                ["optimizer", optimizer["name"]!.ToString()],
                .. from option in new[] { "learning_rate", "momentum", "weight_decay" }
                let value = optimizer[option]
                where value is not null
                select (string[])[option.Replace('_', ' '), value.ToString()],
                ["batch size", trainer["batch_size"]!.ToString()],
                ["epochs", trainer["epochs"]!.ToString()],
                ["loss", trainer["loss"]!.ToString().Replace('_', ' ')],
            ]
        );
    }

    /// <summary>Which two classes are mixed up most.</summary>
    public static Block Confusion(string path)
    {
        var json = HomeworkFolder.Json(path);
        string[] names = [.. json["class_names"]!.AsArray().Select(name => name!.ToString())];
        long[][] counts = [.. json["counts"]!.AsArray().Select(row => row!.AsArray().Select(count => (long)count!).ToArray())];
        var most = (
            from actual in Enumerable.Range(0, names.Length)
            from predicted in Enumerable.Range(0, names.Length)
            where actual != predicted
            orderby counts[actual][predicted] descending
            select (Actual: actual, Predicted: predicted)
        ).First();
        int worst = Enumerable.Range(0, names.Length).MinBy(Recall),
            best = Enumerable.Range(0, names.Length).MaxBy(Recall);
        return new Block.Paragraph(
            $"The class that it recognizes best is {names[best]}: {Phrases.Value(Recall(best))} of its images. The class that it "
                + $"recognizes worst is {names[worst]}: {Phrases.Value(Recall(worst))}. The most frequent error is "
                + $"{names[most.Actual]} taken for {names[most.Predicted]}: {Phrases.Count(counts[most.Actual][most.Predicted])} "
                + $"of {Phrases.Count(counts[most.Actual].Sum())} images."
        );

        double Recall(int name) => (double)counts[name][name] / Math.Max(1, counts[name].Sum());
    }
}
