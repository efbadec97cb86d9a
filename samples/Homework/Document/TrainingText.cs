using System.Text.Json.Nodes;
using VisionSeqModels.Studies;

/// <summary>How the settings of a study are trained: what they have in common, or what the base has.</summary>
internal static class TrainingText
{
    private const string Base = "base";

    public static Block.Paragraph Of(HomeworkFolder folder, string name)
    {
        var study = folder.Study(name);
        var trial = StudyTable.Settings(study)[0][0];
        bool isOneAtATime = study.Trials.Any(other => other.Setting == Base);
        var options = Options(HomeworkFolder.Json(folder.Of(name, trial, "run.json")))
            .Where(option => !trial.Factors.ContainsKey(option.Name))
            .Select(option => $"{option.Name} {option.Value}");
        return new Block.Paragraph(
            isOneAtATime
                ? $"The base has {Phrases.List([.. Factors(trial), .. options])}. Each other setting changes what its name says, "
                    + "and nothing else."
                : $"All settings have {Phrases.List([.. options])}."
        );
    }

    private static IEnumerable<string> Factors(TrialResult trial) =>
        trial.Factors.Select(factor => $"{factor.Key} {factor.Value}");

    private static IEnumerable<(string Name, string Value)> Options(JsonNode run)
    {
        var trainer = run["trainer"]!;
        var optimizer = trainer["optimizer"]!;
        var all = new (string Name, JsonNode? Value)[]
        {
            ("batch size", trainer["batch_size"]),
            ("optimizer", optimizer["name"]),
            ("learning rate", optimizer["learning_rate"]),
            ("momentum", optimizer["momentum"]),
            ("epochs", trainer["epochs"]),
        };
        return all.Where(option => option.Value is not null).Select(option => (option.Name, option.Value!.ToString()));
    }
}
