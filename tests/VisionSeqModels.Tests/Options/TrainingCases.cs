using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Options;

internal static class TrainingCases
{
    private const string NoNull = "a list without null in it (an empty one is fine), but is null.";
    private static readonly (string, object?, string) NoRate = (
        "LearningRate",
        0.0,
        "LearningRate must be a finite number above 0, but is 0."
    );
    private static readonly (string, object?, string) NoGroups = ("ParameterGroups", null, $"ParameterGroups must be {NoNull}");
    private static readonly (string, object?, string) NoWarmup = (
        "WarmupSteps",
        -1,
        "WarmupSteps must be at least 0, but is -1."
    );
    private static readonly (string, object?, string) NoWarmupEpochs = (
        "WarmupEpochs",
        -0.5,
        "WarmupEpochs must be a finite number of at least 0, and 0 with WarmupSteps, but is -0.5."
    );
    private static readonly (string, object?, string) NoDecay = (
        "WeightDecay",
        -0.5,
        "WeightDecay must be a finite number of at least 0, but is -0.5."
    );

    public static OptionsCase[] All { get; } =
    [
        new(
            "TrainerOptions",
            """
            Epochs = 10
            BatchSize = 64
            EvaluationBatchSize = 256
            Optimizer = AdamOptions
            Schedule = ConstantSchedule
            Freezing = []
            GradientAccumulationSteps = 1
            Shards = 1
            ClipGradientNorm = null
            ClipGradientValue = null
            Augmentations = []
            ValidationSplit = 0
            Loss = cross_entropy
            Metrics = [accuracy]
            Seed = null
            Device = 'auto'
            Precision = Float32
            DataPlacement = Auto
            Shuffle = true
            Sampling = null
            DropLast = false
            EvaluateEveryEpochs = 1
            LogEverySteps = null
            SaveStateEverySteps = null
            SaveStateInterval = 00:01:00
            RunDirectory = null
            DefaultCallbacks = true
            """,
            ("Epochs", 0, "Epochs must be at least 1, but is 0."),
            ("BatchSize", 0, "BatchSize must be at least 1, but is 0."),
            ("EvaluationBatchSize", -2, "EvaluationBatchSize must be at least 1, but is -2."),
            ("Optimizer", new AdamOptions { Beta1 = 1 }, "Optimizer.Beta1 must be at least 0 and below 1, but is 1."),
            ("Optimizer", null, "Optimizer must be set, but is null."),
            ("Schedule", new CosineSchedule { FinalFactor = 2 }, "Schedule.FinalFactor must be from 0 to 1, but is 2."),
            ("Schedule", null, "Schedule must be set, but is null."),
            ("Freezing", null, $"Freezing must be {NoNull}"),
            (
                "Freezing",
                new FreezeRule[] { new Freeze("fc") { FromEpoch = 0 } },
                "Freezing[0].FromEpoch must be at least 1, but is 0."
            ),
            ("GradientAccumulationSteps", 0, "GradientAccumulationSteps must be at least 1, but is 0."),
            ("Shards", 0, "Shards must be from 1 to 4096, but is 0."),
            ("ClipGradientNorm", 0.0, "ClipGradientNorm must be null or a finite number above 0, but is 0."),
            ("ClipGradientValue", double.NaN, "ClipGradientValue must be null or a finite number above 0, but is NaN."),
            ("Augmentations", null, $"Augmentations must be {NoNull}"),
            ("Augmentations", new Augmentation[] { new Cutout { Size = 0 } }, "Cutout.Size must be at least 1, but is 0."),
            ("Sampling", new BalancedSampling { SamplesPerEpoch = 0 }, "Sampling.SamplesPerEpoch must be at least 1, but is 0."),
            ("ValidationSplit", 1.0, "ValidationSplit must be at least 0 and below 1, but is 1."),
            ("Loss", null, "Loss must be set, but is null."),
            ("Metrics", null, $"Metrics must be {NoNull}"),
            (
                "Metrics",
                new Metric[] { new Accuracy(), new Accuracy() },
                "Metrics must have unique names other than 'loss', but 'accuracy' is taken."
            ),
            ("Device", " ", "Device must be auto, cpu, cuda, cuda:N or mps, but is ' '."),
            ("Precision", (TrainingPrecision)7, "Precision must be Float32 or BFloat16, but is 7."),
            ("DataPlacement", (DataPlacement)3, "DataPlacement must be Auto, Device or Host, but is 3."),
            ("EvaluateEveryEpochs", 0, "EvaluateEveryEpochs must be at least 1, but is 0."),
            ("LogEverySteps", 0, "LogEverySteps must be at least 1, but is 0."),
            ("SaveStateEverySteps", 0, "SaveStateEverySteps must be at least 1, but is 0."),
            ("SaveStateInterval", TimeSpan.Zero, "SaveStateInterval must be above 0, but is 00:00:00."),
            ("RunDirectory", " ", "RunDirectory must be null or a path, but is ' '.")
        ),
        new(
            "SgdOptions",
            """
            LearningRate = 0.01
            Momentum = 0
            WeightDecay = 0
            Nesterov = false
            Dampening = 0
            Maximize = false
            ParameterGroups = []
            """,
            NoRate,
            NoGroups,
            NoDecay,
            ("Momentum", -0.1, "Momentum must be at least 0 and below 1, but is -0.1."),
            ("Nesterov", true, "Nesterov must be false where Momentum is 0, but is True."),
            ("Dampening", 1.5, "Dampening must be from 0 to 1, and 0 with Nesterov, but is 1.5.")
        ),
        new(
            "AdamOptions",
            """
            LearningRate = 0.001
            Beta1 = 0.9
            Beta2 = 0.999
            Epsilon = 1E-08
            WeightDecay = 0
            AmsGrad = false
            Maximize = false
            ParameterGroups = []
            """,
            NoRate,
            NoGroups,
            NoDecay,
            ("Beta1", 1.0, "Beta1 must be at least 0 and below 1, but is 1."),
            ("Beta2", -0.1, "Beta2 must be at least 0 and below 1, but is -0.1."),
            ("Epsilon", 0.0, "Epsilon must be a finite number above 0, but is 0.")
        ),
        new(
            "AdamWOptions",
            """
            LearningRate = 0.001
            Beta1 = 0.9
            Beta2 = 0.999
            Epsilon = 1E-08
            WeightDecay = 0.01
            AmsGrad = false
            Maximize = false
            ParameterGroups = []
            """,
            NoRate,
            NoGroups,
            NoDecay,
            ("Beta1", 1.0, "Beta1 must be at least 0 and below 1, but is 1."),
            ("Beta2", -0.1, "Beta2 must be at least 0 and below 1, but is -0.1."),
            ("Epsilon", 0.0, "Epsilon must be a finite number above 0, but is 0.")
        ),
        new(
            "RMSpropOptions",
            """
            LearningRate = 0.01
            Alpha = 0.99
            Epsilon = 1E-08
            WeightDecay = 0
            Momentum = 0
            Centered = false
            Maximize = false
            ParameterGroups = []
            """,
            NoRate,
            NoGroups,
            NoDecay,
            ("Alpha", 1.0, "Alpha must be at least 0 and below 1, but is 1."),
            ("Epsilon", 0.0, "Epsilon must be a finite number above 0, but is 0."),
            ("Momentum", 1.0, "Momentum must be at least 0 and below 1, but is 1.")
        ),
        new(
            "NAdamOptions",
            """
            LearningRate = 0.002
            Beta1 = 0.9
            Beta2 = 0.999
            Epsilon = 1E-08
            WeightDecay = 0
            MomentumDecay = 0.004
            ParameterGroups = []
            """,
            NoRate,
            NoGroups,
            NoDecay,
            ("Beta1", 1.0, "Beta1 must be at least 0 and below 1, but is 1."),
            ("Beta2", -0.1, "Beta2 must be at least 0 and below 1, but is -0.1."),
            ("Epsilon", 0.0, "Epsilon must be a finite number above 0, but is 0."),
            ("MomentumDecay", -1.0, "MomentumDecay must be a finite number of at least 0, but is -1.")
        ),
        new(
            "RAdamOptions",
            """
            LearningRate = 0.001
            Beta1 = 0.9
            Beta2 = 0.999
            Epsilon = 1E-08
            WeightDecay = 0
            ParameterGroups = []
            """,
            NoRate,
            NoGroups,
            NoDecay,
            ("Beta1", 1.0, "Beta1 must be at least 0 and below 1, but is 1."),
            ("Beta2", -0.1, "Beta2 must be at least 0 and below 1, but is -0.1."),
            ("Epsilon", 0.0, "Epsilon must be a finite number above 0, but is 0.")
        ),
        new(
            "AdagradOptions",
            """
            LearningRate = 0.01
            LearningRateDecay = 0
            WeightDecay = 0
            InitialAccumulatorValue = 0
            Epsilon = 1E-10
            ParameterGroups = []
            """,
            NoRate,
            NoGroups,
            NoDecay,
            ("LearningRateDecay", -1.0, "LearningRateDecay must be a finite number of at least 0, but is -1."),
            ("InitialAccumulatorValue", -1.0, "InitialAccumulatorValue must be a finite number of at least 0, but is -1."),
            ("Epsilon", 0.0, "Epsilon must be a finite number above 0, but is 0.")
        ),
        new(
            "ParameterGroup",
            """
            Parameters = null
            LearningRateFactor = 1
            LearningRate = null
            WeightDecay = null
            """,
            ("Parameters", " ", "Parameters must be the start of a name, or a pattern with *, but is ' '."),
            ("LearningRateFactor", -1.0, "LearningRateFactor must be a finite number of at least 0, but is -1."),
            (
                "LearningRate",
                -1.0,
                "LearningRate must be null or a finite number of at least 0, with a LearningRateFactor of 1, but is -1."
            ),
            ("WeightDecay", -1.0, "WeightDecay must be null or a finite number of at least 0, but is -1.")
        )
        {
            Sound = () => new ParameterGroup { Parameters = "fc1" },
        },
        new("ConstantSchedule", "WarmupSteps = 0\nWarmupEpochs = 0", NoWarmup, NoWarmupEpochs),
        new(
            "CosineSchedule",
            """
            FinalFactor = 0
            WarmupSteps = 0
            WarmupEpochs = 0
            """,
            NoWarmup,
            NoWarmupEpochs,
            ("FinalFactor", 2.0, "FinalFactor must be from 0 to 1, but is 2.")
        ),
        new(
            "ExponentialSchedule",
            """
            Gamma = 0.95
            WarmupSteps = 0
            WarmupEpochs = 0
            """,
            NoWarmup,
            NoWarmupEpochs,
            ("Gamma", 0.0, "Gamma must be a finite number above 0, but is 0.")
        ),
        new(
            "StepSchedule",
            """
            EveryEpochs = 10
            Gamma = 0.1
            WarmupSteps = 0
            WarmupEpochs = 0
            """,
            NoWarmup,
            NoWarmupEpochs,
            ("EveryEpochs", 0, "EveryEpochs must be at least 1, but is 0."),
            ("Gamma", 0.0, "Gamma must be a finite number above 0, but is 0.")
        ),
        new(
            "OneCycleSchedule",
            """
            WarmupFraction = 0.3
            DivFactor = 25
            FinalDivFactor = 10000
            Annealing = Cosine
            WarmupSteps = 0
            WarmupEpochs = 0
            """,
            NoWarmup,
            NoWarmupEpochs,
            ("WarmupFraction", 1.0, "WarmupFraction must be above 0 and below 1, but is 1."),
            ("DivFactor", 0.5, "DivFactor must be a finite number of at least 1, but is 0.5."),
            ("FinalDivFactor", double.PositiveInfinity, "FinalDivFactor must be a finite number of at least 1, but is Infinity."),
            ("Annealing", (AnnealingCurve)7, "Annealing must be Cosine or Linear, but is 7.")
        ),
        new("Freeze", "FromEpoch = 1", ("FromEpoch", 0, "FromEpoch must be at least 1, but is 0.")),
        new(
            "Unfreeze",
            """
            LearningRate = null
            FromEpoch = 1
            """,
            ("FromEpoch", 0, "FromEpoch must be at least 1, but is 0."),
            ("LearningRate", 0.0, "LearningRate must be null or a finite number above 0, but is 0.")
        ),
        new(
            "StudyOptions",
            """
            Question = 'Which setting is best?'
            Monitor = null
            HigherIsBetter = null
            Seeds = [1]
            EquivalenceMargin = null
            Command = null
            ParallelTrials = null
            ThreadsPerTrial = null
            Halving = null
            Progress = null
            AcceptChanges = false
            Ledger = null
            Worker = null
            Lease = 00:01:00
            MaximumSilence = 00:15:00
            OnDifferentMachine = Mark
            Shard = null
            """,
            ("Question", "", "Question must be a sentence, but is ''."),
            ("Monitor", " ", "Monitor must be null or the name of a metric, but is ' '."),
            ("Seeds", new long[] { 1, 2, 1 }, "Seeds must be at least one seed, each once, but is 1, 2, 1."),
            ("EquivalenceMargin", 0.0, "EquivalenceMargin must be null or a finite number above 0, but is 0."),
            ("ParallelTrials", 0, "ParallelTrials must be null or at least 1, but is 0."),
            ("ThreadsPerTrial", 0, "ThreadsPerTrial must be null or at least 1, but is 0."),
            (
                "Halving",
                new SuccessiveHalvingOptions { MaximumEpochs = 4, ReductionFactor = 1 },
                "Halving.ReductionFactor must be at least 2, but is 1."
            ),
            ("Worker", "", "Worker must be null or a name, but is ''."),
            ("Lease", TimeSpan.Zero, "Lease must be at least one second, but is 00:00:00."),
            ("MaximumSilence", TimeSpan.Zero, "MaximumSilence must be at least as long as Lease, but is 00:00:00."),
            (
                "Shard",
                new StudyShard(3, 3),
                "Shard must be null or a part whose Index is at least 0 and below its Count, but is "
                    + "StudyShard { Index = 3, Count = 3 }."
            )
        ),
        new(
            "BalancedSampling",
            "SamplesPerEpoch = null",
            ("SamplesPerEpoch", 0, "SamplesPerEpoch must be at least 1, but is 0.")
        ),
        new(
            "WeightedSampling",
            """
            Weights = []
            Replacement = true
            SamplesPerEpoch = null
            """,
            ("Weights", Array.Empty<double>(), "Weights must be a number for each training image, but is empty."),
            ("Weights", null, "Weights must be a number for each training image, but is null."),
            ("SamplesPerEpoch", -1, "SamplesPerEpoch must be at least 1, but is -1.")
        )
        {
            Sound = () => new WeightedSampling { Weights = [1, 2] },
        },
        new(
            "SuccessiveHalvingOptions",
            """
            MaximumEpochs = 0
            MinimumEpochs = 1
            ReductionFactor = 3
            MaximumTotalEpochs = null
            """,
            ("MinimumEpochs", 0, "MinimumEpochs must be at least 1, but is 0."),
            ("MaximumEpochs", 0, "MaximumEpochs must be at least 1, but is 0."),
            ("ReductionFactor", 1, "ReductionFactor must be at least 2, but is 1."),
            ("MaximumTotalEpochs", -1, "MaximumTotalEpochs must be null or at least MinimumEpochs, but is -1.")
        )
        {
            Sound = () => new SuccessiveHalvingOptions { MaximumEpochs = 9 },
        },
    ];
}
