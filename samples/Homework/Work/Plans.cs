using VisionSeqModels.Studies;

/// <summary>The settings of every study. The first of a plan is the one that others are compared with.</summary>
internal static class Plans
{
    private static readonly string[] Models = ["LeNet", "RNN", "LSTM", "GRU"];

    /// <summary>Part 1b.</summary>
    public static StudyPlan<Setting> LeNet(Setting start) =>
        StudyPlan
            .From(start)
            .Vary("batch size", [start.BatchSize, Half(start.BatchSize)], (setting, value) => setting with { BatchSize = value })
            .Vary(
                "learning rate",
                [start.LearningRate, start.LearningRate / 2],
                (setting, value) => setting with { LearningRate = value }
            )
            .Vary("optimizer", ["Adam", "SGD"], (setting, value) => setting with { Optimizer = value })
            .Vary("fc1 units", [120, 1024], (setting, value) => setting with { Units = value })
            .OneAtATime();

    /// <summary>Part 3a.</summary>
    public static StudyPlan<Setting> Rnn(Setting start, IReadOnlyList<int> otherUnits) =>
        StudyPlan
            .From(start with { Model = "RNN" })
            .Vary(
                "learning rate",
                [start.LearningRate, 10 * start.LearningRate],
                (setting, value) => setting with { LearningRate = value }
            )
            .Vary("optimizer", ["SGD", "Adam"], (setting, value) => setting with { Optimizer = value })
            .Vary("hidden size", [128, .. otherUnits.Reverse()], (setting, value) => setting with { Units = value })
            .OneAtATime();

    /// <summary>Part 3b.</summary>
    public static StudyPlan<Setting> Gated(Setting start, IReadOnlyList<int> otherUnits) =>
        StudyPlan
            .From(start)
            .Vary("cell", ["LSTM", "GRU"], (setting, value) => setting with { Model = value })
            .Vary("hidden size", [128, .. otherUnits], (setting, value) => setting with { Units = value })
            .Grid();

    /// <summary>Part 3b: LSTM and GRU trained as part 3a's RNN is.</summary>
    public static StudyPlan<Setting> GatedBySgd(Setting start) =>
        StudyPlan
            .From(start with { Units = 128, Optimizer = "SGD" })
            .Vary("cell", ["LSTM", "GRU"], (setting, value) => setting with { Model = value })
            .Grid();

    /// <summary>Part 3c: what parts 3a and 3b have no trial of.</summary>
    public static StudyPlan<Setting> LeNetOnDigits(Setting start) =>
        StudyPlan.From(start).Vary("model", ["LeNet"], (setting, value) => setting with { Model = value }).Grid();

    /// <summary>Part 3c, on permuted images.</summary>
    public static StudyPlan<Setting> AllModels(Setting start) =>
        StudyPlan
            .From(start)
            .Vary("model", Models, (setting, value) => setting with { Model = value, Units = value == "LeNet" ? 120 : 128 })
            .Grid();

    private static int Half(int batchSize) => batchSize == 1 ? 2 : batchSize / 2;
}
