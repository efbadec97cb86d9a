using System.Text.Json.Nodes;
using TorchSharp.Modules;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.KnownAnswers;

/// <summary>Fifty steps of every optimizer, for random settings, against PyTorch.</summary>
[Collection("Torch")]
public sealed class OptimizerAnswersTests(ITestOutputHelper output) : IDisposable
{
    private const int Steps = 50;
    private const double Pull = 0.3; // of the gradient towards 0, so that a wrong step shows in the next ones

    private readonly TempFolder _folder = new();
    private Random _random = new(0);

    [PyTorchTheory]
    [InlineData(1)]
    [InlineData(2)]
    public void FiftySteps_ArePyTorchs(int seed)
    {
        using var scope = NewDisposeScope();
        using var cases = new PyTorchCases(_folder);
        _random = new Random(seed);
        manual_seed(seed);
        var all = Enumerable.Range(0, 4).SelectMany(All).ToList();
        var models = all.Select(_ => new TwoWeights()).ToList();
        var noise = all.Select(_ => new[] { randn(Steps, 3, 4), randn(Steps, 5) }).ToList();
        foreach (var (i, (name, options, theirs)) in all.Index())
        {
            var entry = new JsonObject
            {
                ["kind"] = "optimizer",
                ["optimizer"] = name,
                ["options"] = theirs,
                ["groups"] = Groups(options),
                ["steps"] = Steps,
                ["pull"] = Pull,
            };
            var (first, second) = (models[i].First, models[i].Second);
            cases.Add(entry, ("w0", first), ("w1", second), ("g0", noise[i][0]), ("g1", noise[i][1]));
        }

        cases.Run();
        for (int i = 0; i < all.Count; i++)
        {
            Train(all[i].Options, models[i], noise[i]);
            cases.Compare(i, "w0", models[i].First);
            cases.Compare(i, "w1", models[i].Second);
            models[i].Dispose();
        }

        output.WriteLine($"{cases.Count} optimizers, largest relative error {cases.LargestError:g3}: {cases.WorstCase}");
        cases.AssertWithin(1e-6, 40);
    }

    public void Dispose() => _folder.Dispose();

    private static void Train(OptimizerOptions options, TwoWeights model, Tensor[] noise)
    {
        using var optimizer = options.Create(model);
        for (int step = 0; step < Steps; step++)
        {
            using var scope = NewDisposeScope();
            foreach (var (weight, gradients) in model.parameters().Zip(noise))
            {
                weight.grad = gradients[step] + (Pull * weight.detach());
            }

            optimizer.step();
        }
    }

    /// <summary>A group of the second weight in every other case: with half the rate and a decay of its own, or the ready one
    /// without weight decay and with a rate of its own.</summary>
    private static JsonArray Groups(OptimizerOptions options) =>
        options.ParameterGroups.Count == 0
            ? []
            :
            [
                new JsonObject { ["lr"] = options.LearningRate },
                options.ParameterGroups[^1].LearningRate is double rate
                    ? new JsonObject { ["lr"] = rate, ["weight_decay"] = 0 }
                    : new JsonObject { ["lr"] = options.LearningRate * 0.5, ["weight_decay"] = 0.02 },
            ];

    private IEnumerable<(string Name, OptimizerOptions Options, JsonObject Theirs)> All(int i)
    {
        IReadOnlyList<ParameterGroup> groups =
            i % 2 == 0 ? []
            : i == 3
                ? [new(parameter => parameter.Value.dim() == 2), ParameterGroup.WithoutWeightDecay with { LearningRate = 0.004 }]
            :
            [
                new() { Parameters = "first" },
                new()
                {
                    Parameters = "bias",
                    LearningRateFactor = 0.5,
                    WeightDecay = 0.02,
                },
            ];
        double rate = Between(0.002, 0.05);
        double decay = i < 2 ? 0 : Between(0, 0.1);
        double momentum = Between(0.3, 0.95);
        double dampening = Between(0, 0.9);
        bool flag = i % 2 == 1;
        yield return (
            "SGD",
            new SgdOptions
            {
                LearningRate = rate,
                Momentum = momentum,
                Dampening = dampening,
                WeightDecay = decay,
                Maximize = flag,
                ParameterGroups = groups,
            },
            Theirs(rate, decay, ("momentum", momentum), ("dampening", dampening), ("maximize", flag))
        );
        yield return (
            "SGD",
            new SgdOptions
            {
                LearningRate = rate,
                Momentum = momentum,
                Nesterov = true,
                WeightDecay = decay,
                Maximize = !flag,
            },
            Theirs(rate, decay, ("momentum", momentum), ("nesterov", true), ("maximize", !flag))
        );
        yield return (
            "RMSprop",
            new RMSpropOptions
            {
                LearningRate = rate,
                WeightDecay = decay,
                Alpha = 0.9,
                Momentum = flag ? momentum : 0,
                Centered = i < 2,
                Maximize = i == 3,
                ParameterGroups = groups,
            },
            Theirs(rate, decay, ("alpha", 0.9), ("momentum", flag ? momentum : 0), ("centered", i < 2), ("maximize", i == 3))
        );
        double accumulated = Between(0, 0.5);
        yield return (
            "Adagrad",
            new AdagradOptions
            {
                LearningRate = rate,
                WeightDecay = decay,
                LearningRateDecay = flag ? 0.05 : 0,
                InitialAccumulatorValue = accumulated,
                ParameterGroups = groups,
            },
            Theirs(rate, decay, ("lr_decay", flag ? 0.05 : 0), ("initial_accumulator_value", accumulated))
        );
        foreach (bool ams in new[] { false, true })
        {
            yield return (
                "Adam",
                new AdamOptions
                {
                    LearningRate = rate,
                    WeightDecay = decay,
                    Beta1 = 0.8,
                    AmsGrad = ams,
                    Maximize = flag,
                    ParameterGroups = groups,
                },
                Theirs(rate, decay, ("betas", Betas(0.8, 0.999)), ("amsgrad", ams), ("maximize", flag))
            );
            yield return (
                "AdamW",
                new AdamWOptions
                {
                    LearningRate = rate,
                    WeightDecay = decay,
                    Beta2 = 0.99,
                    AmsGrad = ams,
                    Maximize = flag,
                    ParameterGroups = groups,
                },
                Theirs(rate, decay, ("betas", Betas(0.9, 0.99)), ("amsgrad", ams), ("maximize", flag))
            );
        }

        yield return (
            "NAdam",
            new NAdamOptions
            {
                LearningRate = rate,
                WeightDecay = decay,
                MomentumDecay = flag ? 0.01 : 0.004,
                ParameterGroups = groups,
            },
            Theirs(rate, decay, ("momentum_decay", flag ? 0.01 : 0.004))
        );
        yield return (
            "RAdam",
            new RAdamOptions
            {
                LearningRate = rate,
                WeightDecay = decay,
                Beta2 = flag ? 0.9 : 0.999,
                ParameterGroups = groups,
            },
            Theirs(rate, decay, ("betas", Betas(0.9, flag ? 0.9 : 0.999)))
        );
    }

    private static JsonObject Theirs(double rate, double decay, params (string Name, JsonNode Value)[] others)
    {
        var theirs = new JsonObject { ["lr"] = rate, ["weight_decay"] = decay };
        foreach (var (name, value) in others)
        {
            theirs[name] = value;
        }

        return theirs;
    }

    private static JsonArray Betas(double first, double second) => [first, second];

    private double Between(double low, double high) => low + (_random.NextDouble() * (high - low));

    private sealed class TwoWeights : nn.Module
    {
#pragma warning disable IDE1006
        private readonly Parameter first = new(randn(3, 4));
        private readonly Parameter bias = new(randn(5));
#pragma warning restore IDE1006

        public TwoWeights()
            : base(nameof(TwoWeights)) => RegisterComponents();

        public Parameter First => first;

        public Parameter Second => bias;
    }
}
