using System.Text.Json.Nodes;
using VisionSeqModels.Core;
using VisionSeqModels.Runs;
using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies;

/// <summary>Writes the folder of a study that was never run: as many trials and epochs as a test of its report wants.</summary>
internal sealed class MadeUpStudy(string folder)
{
    private readonly List<StudyFile.Entry> _trials = [];

    public string Question { get; init; } = "Which made-up setting is best?";

    public string Monitor { get; init; } = "test_accuracy";

    public StudyFolds? Folds { get; init; }

    public SuccessiveHalvingOptions? Halving { get; init; }

    public double? EquivalenceMargin { get; init; }

    public StudyPlanKind? Plan { get; init; }

    /// <summary>Adds a trial that ran.</summary>
    /// <param name="setting">The setting's name.</param>
    /// <param name="factors">Its factors.</param>
    /// <param name="seed">Its seed.</param>
    /// <param name="epochs">How many epochs it did.</param>
    /// <param name="metrics">Gives the metrics of an epoch.</param>
    /// <param name="change">Changes what run.json says besides.</param>
    /// <param name="fold">Its fold.</param>
    /// <param name="changes">Which options are others now.</param>
    /// <param name="claims">Who ran it over a ledger.</param>
    public MadeUpStudy Add(
        string setting,
        Dictionary<string, string> factors,
        long seed,
        int epochs,
        Func<int, (string Name, double Value)[]> metrics,
        Action<JsonObject>? change = null,
        int? fold = null,
        IReadOnlyList<string>? changes = null,
        IReadOnlyList<LedgerClaim>? claims = null
    )
    {
        string name = $"{_trials.Count + 1:000}";
        var json = Run(seed, epochs, metrics);
        change?.Invoke(json);
        Directory.CreateDirectory(Path.Combine(folder, name));
        File.WriteAllText(Path.Combine(folder, name, "run.json"), json.ToJsonString());
        _trials.Add(new StudyFile.Entry(setting, factors, seed, name, Fold: fold, Changes: changes, Claims: claims));
        return this;
    }

    /// <summary>Adds a trial that has no run.</summary>
    public MadeUpStudy AddFailure(string setting, Dictionary<string, string> factors, long seed, string failure)
    {
        _trials.Add(new StudyFile.Entry(setting, factors, seed, $"{_trials.Count + 1:000}", failure));
        return this;
    }

    public Study Open()
    {
        new StudyFile
        {
            Question = Question,
            Monitor = Monitor,
            HigherIsBetter = !Monitor.EndsWith("loss", StringComparison.Ordinal),
            Command = "dotnet run --project Study -- --seeds 3",
            Folds = Folds,
            Halving = Halving,
            EquivalenceMargin = EquivalenceMargin,
            Plan = Plan,
            Trials = _trials,
        }.Write(folder);
        return Study.Open(folder);
    }

    /// <summary>Curves such as training gives: loss falls towards a floor, accuracy rises towards a ceiling.</summary>
    public static (string Name, double Value)[] Learning(int epoch, double speed, double ceiling, int noise)
    {
        double done = 1 - Math.Exp(-speed * epoch),
            shake = 0.01 * Math.Sin((noise * 12.9898) + (epoch * 78.233));
        double accuracy = Math.Clamp(0.1 + ((ceiling - 0.1) * done) + shake, 0, 1);
        double loss = 2.3 - ((2.3 - (1.6 * (1 - ceiling)) - 0.1) * done) - shake;
        return
        [
            ("train_loss", loss * 0.9),
            ("train_accuracy", Math.Min(1, accuracy + (0.02 * done))),
            ("test_loss", loss),
            ("test_accuracy", accuracy),
        ];
    }

    private static JsonObject Run(long seed, int epochs, Func<int, (string Name, double Value)[]> metrics) =>
        new()
        {
            ["format"] = 1,
            ["status"] = "completed",
            ["stop_message"] = null,
            ["started"] = "2026-05-04T10:00:00+02:00",
            ["seconds"] = 10.0 * epochs,
            ["source"] = "cifar10",
            ["data"] = JsonNode.Parse(
                """
                { "source": "cifar10", "train_samples": 50000, "validation_samples": null, "test_samples": 10000,
                  "image_shape": [3, 32, 32], "class_names": ["cat", "dog"] }
                """
            ),
            ["model"] = JsonNode.Parse(
                $$"""
                { "name": "LeNet", "parameters": 62006,
                  "options": { "fc1_size": 120, "activation": "relu", "seed": {{seed}} } }
                """
            ),
            ["trainer"] = JsonNode.Parse(
                $$"""
                { "epochs": {{epochs}}, "batch_size": 64,
                  "optimizer": { "learning_rate": 0.001, "beta1": 0.9, "epsilon": 1E-08, "parameter_groups": [], "name": "Adam" },
                  "schedule": { "name": "ConstantSchedule", "warmup_steps": 0 }, "clip_gradient_norm": null,
                  "loss": "cross_entropy", "metrics": ["accuracy"], "augmentations": [], "seed": {{seed}}, "shuffle": true }
                """
            ),
            ["seed"] = seed,
            ["device"] = "cpu",
            ["threads"] = 1,
            ["versions"] = JsonNode.Parse(
                """
                { "vision_seq_models": "0.1.0", "operating_system": "Debian", "processor_count": 2,
                  "cuda_is_available": false }
                """
            ),
            ["steps"] = 100 * epochs,
            ["resumes"] = new JsonArray(),
            ["epochs"] = new JsonArray([
                .. Enumerable
                    .Range(1, epochs)
                    .Select(epoch =>
                        JsonFormat.Node(
                            new EpochRecord
                            {
                                Epoch = epoch,
                                Metrics = metrics(epoch).ToDictionary(metric => metric.Name, metric => metric.Value),
                                LearningRate = 0.001,
                                Seconds = 9,
                                SamplesPerSecond = 5000 + seed,
                                Steps = 100,
                                Samples = 50_000,
                            }
                        )
                    ),
            ]),
        };
}
