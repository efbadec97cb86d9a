using VisionSeqModels.Data;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Errors;

/// <summary>Reproductions of mistakes in using data, models and results: used up, disposed, of other shapes, not there. By the
/// ids of docs/errors.</summary>
internal static class UseErrors
{
    private static TrainerOptions Options => TrainingErrors.Options;

    public static IEnumerable<(string Id, Action<TempFolder> Cause)> All =>
        [
            (
                "no-batch-used-up",
                _ =>
                    new Trainer(Options with { Epochs = 2 }).Fit(
                        TinyModel.Create(),
                        BatchSource.From("queue", Once(new([.. new TinyData(16).Read(new BatchRequest { BatchSize = 16 })])))
                    )
            ),
            ("no-batch-empty", _ => new Trainer(Options).Fit(TinyModel.Create(), BatchSource.From("nothing", []))),
            (
                "step-count",
                _ =>
                    new Trainer(Options with { Schedule = new CosineSchedule() }).Fit(
                        TinyModel.Create(),
                        BatchSource.From("function", _ => new TinyData(16).Read(new BatchRequest { BatchSize = 4 }), 16)
                    )
            ),
            (
                "predict-shapes",
                _ =>
                    new Trainer(Options).Predict(
                        nn.Sequential(nn.ReLU()),
                        BatchSource.From("rows", [new Batch(zeros(2, 3), zeros(2)), new Batch(zeros(2, 4), zeros(2))])
                    )
            ),
            (
                "evaluation-metric",
                _ =>
                    Read(() => new Trainer(Options with { Metrics = [] }).Evaluate(TinyModel.Create(), new TinyData(16)).Accuracy)
            ),
            (
                "epoch-metric",
                _ =>
                    Read(() =>
                        (
                            TrainingErrors.Fit(TinyModel.Create()).Epochs[0] with
                            {
                                Metrics = new Dictionary<string, double> { ["a"] = 1 },
                            }
                        ).TrainLoss
                    )
            ),
            (
                "model-disposed",
                _ =>
                {
                    var model = TinyModel.Create();
                    model.Dispose();
                    new Trainer(Options).Evaluate(model, new TinyData(16));
                }
            ),
            (
                "fit-disposed",
                _ =>
                    TrainingErrors.Fit(
                        TinyModel.Create(),
                        new TracingCallback([]) { At = "StepEnd 1", Act = context => context.Optimizer.Dispose() }
                    )
            ),
            ("data-disposed", _ => new Trainer(Options).OverfitOneBatch(TinyModel.Create(), Disposed())),
            ("data-default", _ => new Trainer(Options).Evaluate(TinyModel.Create(), BatchSource.From("own", [default(Batch)]))),
            (
                "average-twice",
                _ =>
                    new Trainer(Options)
                    {
                        Callbacks =
                        {
                            new ExponentialMovingAverage { ApplyAtEnd = false },
                            new ExponentialMovingAverage { ApplyAtEnd = false },
                        },
                    }.Fit(TinyModel.Create(), new TinyData(16))
            ),
        ];

    private static void Read(Func<double> value) => value();

    private static TinyData Disposed()
    {
        var data = new TinyData(16);
        data.Dispose();
        return data;
    }

    private static IEnumerable<Batch> Once(Queue<Batch> batches)
    {
        while (batches.TryDequeue(out var batch))
        {
            yield return batch;
        }
    }
}
