using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>What outputs <c>[batch, classes]</c> are, judged from the values of all batches: raw scores, unless all are
/// probabilities, or all are logarithms of some.</summary>
internal sealed class OutputKind
{
    private bool _probabilities = true;
    private bool _logarithms = true;
    private bool _within01 = true;

    /// <summary>What the outputs end in; null for raw scores.</summary>
    public string? Name =>
        _probabilities ? "softmax"
        : _logarithms ? "log-softmax"
        : null;

    /// <summary>Takes the outputs of a batch into account.</summary>
    public void See(Tensor outputs)
    {
        using var scope = NewDisposeScope();
        double tolerance = outputs.dtype switch
        {
            ScalarType.Float64 => 1e-9,
            ScalarType.Float32 => 1e-5,
            _ => 1e-2, // half precision
        };
        var exact = Exact(outputs);
        _within01 &= All(exact.ge(0)) && All(exact.le(1));
        _probabilities &= _within01 && All((exact.sum(1) - 1).abs().le(tolerance));
        _logarithms &= All(exact.le(0)) && All(exact.logsumexp(1).abs().le(tolerance));
    }

    /// <summary>The probabilities of a batch, float64: of one column that of a yes.</summary>
    public Tensor Probabilities(Tensor outputs)
    {
        var exact = Exact(outputs);
        return outputs.size(1) == 1
            ? _within01
                ? exact
                : exact.sigmoid()
            : _probabilities
                ? exact
                : _logarithms
                    ? exact.exp()
                    : exact.softmax(1);
    }

    private static Tensor Exact(Tensor outputs) => outputs.detach().cpu().to_type(ScalarType.Float64);

    private static bool All(Tensor truths) => truths.all().item<bool>();
}
