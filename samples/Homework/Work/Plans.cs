using VisionSeqModels.Studies;

/// <summary>The settings of every study. The first of a plan is the one that others are compared with.</summary>
internal static class Plans
{
    private static readonly string[] Models = ["LeNet", "RNN", "LSTM", "GRU"];

    /// <summary>Part 1b.</summary>
    public static StudyPlan<Setting> LeNet =>
        StudyPlan
            .From(new Setting())
            .Vary("batch size", [64, 32], (setting, value) => setting with { BatchSize = value })
            .Vary("learning rate", [0.001, 0.0005], (setting, value) => setting with { LearningRate = value })
            .Vary("optimizer", ["Adam", "SGD"], (setting, value) => setting with { Optimizer = value })
            .Vary("fc1 units", [120, 1024], (setting, value) => setting with { Units = value })
            .OneAtATime();

    /// <summary>Part 3a.</summary>
    public static StudyPlan<Setting> Rnn =>
        StudyPlan
            .From(new Setting { Model = "RNN" })
            .Vary("learning rate", [0.001, 0.01], (setting, value) => setting with { LearningRate = value })
            .Vary("optimizer", ["SGD", "Adam"], (setting, value) => setting with { Optimizer = value })
            .Vary("hidden size", [128, 64, 256], (setting, value) => setting with { Units = value })
            .OneAtATime();

    /// <summary>Part 3b.</summary>
    public static StudyPlan<Setting> Gated =>
        StudyPlan
            .From(new Setting())
            .Vary("cell", ["LSTM", "GRU"], (setting, value) => setting with { Model = value })
            .Vary("hidden size", [128, 256, 64], (setting, value) => setting with { Units = value })
            .Grid();

    /// <summary>Part 3b: LSTM and GRU trained as part 3a's RNN is.</summary>
    public static StudyPlan<Setting> GatedBySgd =>
        StudyPlan
            .From(new Setting { Units = 128, Optimizer = "SGD" })
            .Vary("cell", ["LSTM", "GRU"], (setting, value) => setting with { Model = value })
            .Grid();

    /// <summary>Part 3c: what parts 3a and 3b have no trial of.</summary>
    public static StudyPlan<Setting> LeNetOnDigits =>
        StudyPlan.From(new Setting()).Vary("model", ["LeNet"], (setting, value) => setting with { Model = value }).Grid();

    /// <summary>Part 3c, on permuted images.</summary>
    public static StudyPlan<Setting> AllModels =>
        StudyPlan
            .From(new Setting())
            .Vary("model", Models, (setting, value) => setting with { Model = value, Units = value == "LeNet" ? 120 : 128 })
            .Grid();
}
