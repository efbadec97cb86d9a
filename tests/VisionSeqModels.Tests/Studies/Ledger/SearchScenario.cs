using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using VisionSeqModels.Studies;
using VisionSeqModels.Training;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Studies.Ledger;

/// <summary>A search over an LSTM with dropout on synthetic images, that notes the hash of the weights after every epoch, whoever
/// trained it.</summary>
internal sealed class SearchScenario(string kind)
{
    public const int Epochs = 4;
    private static readonly int?[] Rungs = [1, 2, null]; // of the SuccessiveHalvingOptions below
    private readonly ConcurrentDictionary<(Setting Setting, long Seed, int Epoch), ConcurrentBag<string>> _hashes = new();

    public bool IsHalving => kind.EndsWith("halving", StringComparison.Ordinal);

    public int Trials => 12;

    /// <summary>How far the claims of a trial were to go that ended after an epoch.</summary>
    public IEnumerable<int?> UntilOf(int epoch) => !IsHalving ? [null] : Rungs.TakeWhile((_, i) => epoch >= 1 << i);

    /// <summary>Works on the study until it is over.</summary>
    public void Run(string folder, IStudyLedger ledger, string worker)
    {
        using var data = Data();
        Study.Run(
            folder,
            Plan(),
            (setting, seed) =>
                new StudyTrial
                {
                    Model = Model(data, setting, seed),
                    Options = Options(setting),
                    Callbacks =
                    [
                        new Notes((epoch, hash) => _hashes.GetOrAdd((setting, seed, epoch), _ => []).Add(hash), pause: 5),
                    ],
                },
            new FitData { Train = data.Train, Test = data.Test },
            new StudyOptions
            {
                Ledger = ledger,
                Worker = worker,
                Lease = TimeSpan.FromSeconds(30),
                ParallelTrials = 1,
                ThreadsPerTrial = 1,
                Monitor = "test_loss",
                Seeds = kind == "halving" ? [1, 2] : [1],
                Halving = IsHalving ? new SuccessiveHalvingOptions { MaximumEpochs = Epochs, ReductionFactor = 2 } : null,
            }
        );
    }

    /// <summary>What the workers have noted of an epoch.</summary>
    public IEnumerable<string> Hashes(TrialResult trial, int epoch) => _hashes[(Setting.Of(trial), trial.Seed, epoch)];

    /// <summary>Trains a trial's setting alone, by a trainer, and gives the hash after each epoch.</summary>
    public static SortedDictionary<int, string> Alone(TrialResult trial)
    {
        using var data = Data();
        using var stop = new CancellationTokenSource();
        var hashes = new SortedDictionary<int, string>();
        using var model = Model(data, Setting.Of(trial), trial.Seed);
        void Note(int epoch, string hash)
        {
            hashes[epoch] = hash;
            if (epoch == trial.Final!.Epoch)
            {
                stop.Cancel();
            }
        }

        new Trainer(Options(Setting.Of(trial)) with { Seed = trial.Seed }) { Callbacks = { new Notes(Note, pause: 0) } }.Fit(
            model,
            data.Train,
            data.Test,
            stop.Token
        );
        return hashes;
    }

    private StudyPlan<Setting> Plan()
    {
        var base_ = StudyPlan.From(new Setting()).Vary("size", [4, 6, 8], (setting, size) => setting with { Size = size });
        StudyPlanBuilder<Setting> Ranged() =>
            base_.VaryLogUniform("rate", 1e-3, 1e-1, (setting, rate) => setting with { Rate = rate });
        return kind switch
        {
            "halving" => base_.Vary("rate", [0.001, 0.01], (setting, rate) => setting with { Rate = rate }).Grid(),
            "random with halving" => Ranged().Random(12, seed: 3),
            "tpe" => Ranged().Search(12, seed: 3),
            _ => Ranged().Search(12, seed: 3, () => new Uniform()),
        };
    }

    private static ImageDatasets Data() =>
        SyntheticImages.Create(
            new SyntheticImagesOptions
            {
                TrainCount = 96,
                TestCount = 32,
                Size = 16,
            }
        );

    private static nn.Module<Tensor, Tensor> Model(ImageDatasets data, Setting setting, long seed) =>
        SequenceModels.Lstm(
            RecurrentOptions.For(data) with
            {
                HiddenSize = setting.Size,
                LayerCount = 2,
                Dropout = 0.4,
                Seed = seed,
            }
        );

    private static TrainerOptions Options(Setting setting) =>
        new()
        {
            Epochs = Epochs,
            BatchSize = 16,
            Device = "cpu",
            Optimizer = new AdamOptions { LearningRate = setting.Rate },
        };

    internal sealed record Setting(int Size = 4, double Rate = 0.001)
    {
        public static Setting Of(TrialResult trial) =>
            new(
                int.Parse(trial.Factors["size"], CultureInfo.InvariantCulture),
                double.Parse(trial.Factors["rate"], CultureInfo.InvariantCulture)
            );
    }

    /// <summary>Random search.</summary>
    private sealed class Uniform : IStudySampler
    {
        public IReadOnlyList<double> Ask(IReadOnlyList<StudyDimension> space, Random random) =>
            [.. space.Select(dimension => dimension.Draw(random))];

        public void Tell(IReadOnlyList<double> point, double? score) { }
    }

    private sealed class Notes(Action<int, string> note, int pause) : Callback
    {
        protected internal override bool DrawsRandomNumbers => false;

        public override void OnStepEnd(StepEndEvent e) => Thread.Sleep(pause);

        public override void OnEpochEnd(EpochEndEvent e)
        {
            if (!e.Record.IsPartial)
            {
                using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
                foreach (var tensor in e.Context.Model.state_dict().Values)
                {
                    hash.AppendData(tensor.bytes);
                }

                note(e.Record.Epoch, Convert.ToHexString(hash.GetHashAndReset()));
            }
        }
    }
}
