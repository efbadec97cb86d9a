using TorchSharp.Modules;
using VisionSeqModels.Data;
using VisionSeqModels.Visualization;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Errors;

/// <summary>Reproductions of what can go wrong with sequences, tables and lengths: each throws the error that docs/errors
/// names by the same id.</summary>
internal static class SequenceErrors
{
    private static readonly SequenceTableOptions Gestures = new()
    {
        Sequence = "id",
        Order = "t",
        Class = "label",
    };

    public static IEnumerable<(string Id, Action<TempFolder> Cause)> All =>
        [
            ("batch-lengths", _ => GC.KeepAlive(new Batch(zeros(3, 5, 2), zeros(3), zeros(2)))),
            ("batch-lengths-range", _ => GC.KeepAlive(new Batch(zeros(2, 5, 2), zeros(2), tensor([1L, 6L])))),
            ("batch-lengths-zero", _ => GC.KeepAlive(new Batch(zeros(2, 1, 5, 2), zeros(2), tensor([1L, 0L])))),
            ("lengths-model", _ => new Trainer().Predict(new Flat(), TinySequences.Create())),
            (
                "lengths-hooks",
                _ =>
                {
                    using var model = Model();
                    model.register_forward_hook((_, _, output) => output);
                    new Trainer().Predict(model, TinySequences.Create());
                }
            ),
            ("lengths-unroll", _ => GradientFlow.Measure(new Flat(), TinySequences.Create())),
            (
                "lengths-layer",
                _ =>
                    ActivationStatistics.Measure(
                        new Folded(),
                        TinySequences.Create(),
                        new ActivationStatisticsOptions { Layers = ["fc"] }
                    )
            ),
            (
                "lengths-invariance",
                _ =>
                {
                    using var model = Model();
                    InvarianceCurves.Measure(model, TinySequences.Create());
                }
            ),
            ("sequences-faults", _ => SequenceDataset.From(TinySequences.Arrays([2]), new[] { 0, 1 })),
            ("sequences-columns", _ => SequenceDataset.From([new float[2, 3], new float[2, 4]], new[] { 0, 1 })),
            ("sequences-subset", _ => TinySequences.Create().Subset([99])),
            ("sequences-split", _ => TinySequences.Create(2).Split(0.001)),
            ("sequences-folds", _ => TinySequences.Create(2).Folds(3)),
            ("sequences-labels", _ => SequenceDataset.From(TinySequences.Arrays([2]), new[] { 0.5f }).GetLabels(0)),
            ("sequences-values", _ => TinySequences.Create().GetValues(0)),
            (
                "sequences-train-test",
                _ =>
                    GC.KeepAlive(
                        new SequenceDatasets(
                            TinySequences.Create(),
                            SequenceDataset.From(TinySequences.Arrays([2]), new[] { 0.5f })
                        )
                    )
            ),
            ("table-not-found", folder => SequenceTable.Load(folder["none.csv"], Gestures)),
            ("table-fault", folder => Read(folder, "id,t,x,label\na,1,oops,tap\nb,1,1,wave\n")),
            ("table-faults", folder => Read(folder, "id,t,x,label\na,1,oops,tap\na,2,,tap\nb,1,1,wave\n")),
            ("table-column", folder => Read(folder, "id,x,label\na,1,tap\n")),
            ("table-empty-part", folder => Read(folder, "id,t,x,label\na,1,1,tap\nb,1,1,wave\n")),
        ];

    private static void Read(TempFolder folder, string csv)
    {
        File.WriteAllText(folder["any.csv"], csv);
        SequenceTable.Load(folder["any.csv"], Gestures);
    }

    private static nn.Module<Tensor, Tensor> Model() =>
        SequenceModels.Rnn(new RecurrentOptions { InputSize = TinySequences.Features, ClassCount = 2 });

    private sealed class Flat : nn.Module<Tensor, Tensor>, IRecurrentModel
    {
        public Flat()
            : base(nameof(Flat)) { }

        public string CellName => "flat";

        public override Tensor forward(Tensor input) => input.mean([1]);

        public UnrolledNetwork Unroll(Tensor sequence) => throw new InvalidOperationException("not asked for");
    }

    private sealed class Folded : nn.Module<Tensor, Tensor>, ISequenceModel
    {
#pragma warning disable IDE1006 // the name in checkpoints
        private readonly Linear fc = nn.Linear(TinySequences.Features, 2);
#pragma warning restore IDE1006

        public Folded()
            : base(nameof(Folded)) => RegisterComponents();

        public override Tensor forward(Tensor input) => fc.call(input.flatten(0, 1)).reshape(input.size(0), -1, 2).mean([1]);

        public Tensor forward(Tensor input, Tensor lengths) => forward(input);
    }
}
