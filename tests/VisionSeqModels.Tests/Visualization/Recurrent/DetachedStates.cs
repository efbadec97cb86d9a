using TorchSharp.Modules;
using VisionSeqModels.Data;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Visualization.Recurrent;

/// <summary>A model that breaks the contract of <see cref="IRecurrentModel"/>: its scores do not depend on the states that it
/// returns.</summary>
internal sealed class DetachedStates : nn.Module<Tensor, Tensor>, IRecurrentModel
{
    private readonly Linear fc = nn.Linear(2, 2);

    public DetachedStates()
        : base(nameof(DetachedStates)) => RegisterComponents();

    public string CellName => "none";

    public static IBatchSource Data =>
        BatchSource.From("one", _ => [new Batch(zeros(1, 3, 2), zeros([1], dtype: ScalarType.Int64))]);

    public override Tensor forward(Tensor input) => Unroll(input).Scores;

    public UnrolledNetwork Unroll(Tensor sequence)
    {
        var state = zeros(sequence.size(0), 2, requires_grad: true);
        return new UnrolledNetwork
        {
            Layers =
            [
                [new RecurrentStep { Hidden = state }],
            ],
            Scores = fc.call(sequence.select(1, -1)),
        };
    }
}
