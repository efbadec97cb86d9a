using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>What outputs <c>[batch, classes]</c> are, judged from the values of all batches: raw scores, unless all are
/// probabilities, or all are logarithms of some.</summary>
internal sealed class OutputKind
{
    private bool _probabilities = true;
    private bool _logarithms = true;
    private bool _within01 = true;
    private bool _seen;

    /// <summary>What the outputs end in; null for raw scores.</summary>
    public string? Name =>
        _probabilities ? "softmax"
        : _logarithms ? "log-softmax"
        : null;

    /// <summary>What a softmax at the end does to every gradient; null for raw scores, and for a sigmoid.</summary>
    public string? Warning =>
        !_seen || Name is not string end
            ? null
            : $"The model ends in a {end}: where it is confident, gradients of its output are near zero "
                + "whatever it looks at. Explain the scores before it.";

    /// <summary>Takes the outputs of a batch into account.</summary>
    public void See(Tensor outputs)
    {
        if (outputs.dim() != 2 || (_seen && !_probabilities && !_logarithms && !_within01))
        {
            return;
        }

        _seen = true;
        using var scope = NewDisposeScope();
        double tolerance = outputs.dtype switch
        {
            ScalarType.Float64 => 1e-9,
            ScalarType.Float32 => 1e-5,
            _ => 1e-2, // half precision
        };
        var exact = Exact(outputs);
        bool single = outputs.size(1) == 1;
        _within01 &= All(exact.ge(Scalars.Zero)) && All(exact.le(Scalars.One));
        _probabilities &= !single && _within01 && All((exact.sum(1) - 1).abs().le(Scalars.Of(tolerance)));
        _logarithms &= !single && All(exact.le(Scalars.Zero)) && All(exact.logsumexp(1).abs().le(Scalars.Of(tolerance)));
    }

    /// <summary>The probabilities of a batch, float64: of one column that of a yes.</summary>
    public Tensor Probabilities(Tensor outputs) => Readings(outputs)[ReadingOf(outputs.size(1))];

    /// <summary>All that a batch's probabilities can be, as long as not all batches were seen.</summary>
    public static Tensor[] Readings(Tensor outputs)
    {
        var exact = Exact(outputs);
        return outputs.size(1) == 1 ? [exact, exact.sigmoid()] : [exact, exact.exp(), exact.softmax(1)];
    }

    /// <summary>Which of the <see cref="Readings"/> is right for what was seen.</summary>
    public int ReadingOf(long columns) =>
        columns == 1
            ? _within01
                ? 0
                : 1
            : _probabilities
                ? 0
                : _logarithms
                    ? 1
                    : 2;

    private static Tensor Exact(Tensor outputs) => outputs.detach().cpu().to_type(ScalarType.Float64);

    private static bool All(Tensor truths) => truths.all().item<bool>();
}
