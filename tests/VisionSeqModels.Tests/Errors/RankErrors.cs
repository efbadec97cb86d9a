using VisionSeqModels.Data;
using VisionSeqModels.Training;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Errors;

/// <summary>Reproductions of what can go wrong between the ranks of a training, by the ids of docs/errors.</summary>
internal static class RankErrors
{
    private static readonly TrainerOptions Options = TrainingErrors.Options with { Shards = 4 };

    public static IEnumerable<(string Id, Action<TempFolder> Cause)> All =>
        [
            ("ranks-few-shards", _ => Ranks(rank => (Options with { Shards = 1 }, new TinyData(16)))),
            ("ranks-differ", _ => Ranks(rank => (Options with { BatchSize = 8 + rank }, new TinyData(16)))),
            ("ranks-batch", _ => Ranks(rank => (Options, new TinyData(16, seed: rank)))),
            ("ranks-place", _ => Ranks(rank => (Options, BatchSource.From("mine", _ => Batches(1 + rank))))),
            ("ranks-weights", _ => Ranks(rank => (Options, new TinyData(16)), new ChangesWeights())),
        ];

    private static void Ranks(Func<int, (TrainerOptions Options, IBatchSource Data)> given, Callback? callback = null) =>
        ThreadRanks.Run(
            2,
            exchange =>
            {
                var (options, data) = given(exchange.Rank);
                var trainer = new Trainer(options) { Exchange = exchange };
                if (callback is not null)
                {
                    trainer.Callbacks.Add(callback);
                }

                return trainer.Fit(TinyModel.Create(), data);
            }
        );

    private static IEnumerable<Batch> Batches(int count) =>
        Enumerable.Range(0, count).Select(_ => new Batch(zeros(8, 2), zeros(8, dtype: ScalarType.Int64)));

    private sealed class ChangesWeights : Callback
    {
        public override CallbackStage Stage => CallbackStage.Persist;

        public override void OnStepEnd(StepEndEvent e)
        {
            using var noGradients = no_grad();
            using var scope = NewDisposeScope();
            e.Context.Model.parameters().First().zero_();
        }
    }
}
