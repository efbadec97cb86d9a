using TorchSharp.Modules;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Visualization.Recurrent;

/// <summary>A recurrent model as a user writes one: images by rows, a bidirectional GRU of libtorch's, and attention over
/// time as its readout.</summary>
internal sealed class AttentionGru : nn.Module<Tensor, Tensor>, IRecurrentModel
{
    private readonly GRU gru;
    private readonly Linear attention;
    private readonly Linear fc;

    public AttentionGru(int width, int units, int layers, int classes)
        : base(nameof(AttentionGru))
    {
        LayerCount = layers;
        gru = nn.GRU(width, units, layers, batchFirst: true, bidirectional: true);
        attention = nn.Linear(2 * units, 1);
        fc = nn.Linear(2 * units, classes);
        RegisterComponents();
    }

    public string CellName => "GRU";

    public int LayerCount { get; }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return Classify(ToSequence(input)).MoveToOuterDisposeScope();
    }

    public Tensor ToSequence(Tensor input) => input.squeeze(1);

    public Tensor Classify(Tensor sequence) => Readout(gru.call(sequence).Item1);

    public UnrolledNetwork Unroll(Tensor sequence)
    {
        var unrolled = UnrolledLayers.Of(gru, sequence);
        return new UnrolledNetwork { Layers = unrolled.Layers, Scores = Readout(unrolled.Outputs) };
    }

    private Tensor Readout(Tensor outputs)
    {
        var weights = attention.call(outputs).softmax(1); // over time
        return fc.call((weights * outputs).sum(1));
    }
}
