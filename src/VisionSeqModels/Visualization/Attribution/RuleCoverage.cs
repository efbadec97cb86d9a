using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>Which activations on the way to a result a rule for ReLU modules does not reach.</summary>
/// <remarks>A ReLU outside modules is known by what it does: where what it gave is exactly zero, no gradient gets through, or
/// none where what it took was below zero.</remarks>
internal static class RuleCoverage
{
    private const int Enough = 8; // values below zero, before their missing gradients say anything

    /// <summary>A sentence about what the rule does not reach on the way to a model's output; null where it reaches
    /// all.</summary>
    /// <exception cref="InvalidOperationException">The rule reaches nothing.</exception>
    public static string? WarningFor(string method, nn.Module<Tensor, Tensor> model, Tensor image, ReluRule rule)
    {
        using var trace = ForwardTrace.Run(model, image, RuledRelu.Replacing(rule));
        return WarningFor(method, trace, trace.Output);
    }

    /// <summary>A sentence about what the rule does not reach; null where it reaches all.</summary>
    /// <param name="method">The method's name, for the message.</param>
    /// <param name="trace">A pass with the rule.</param>
    /// <param name="result">The output, or that of a layer; calls that it does not come from do not count.</param>
    /// <param name="mustReach">Whether a way without any ReLU is refused too.</param>
    /// <exception cref="InvalidOperationException">The rule reaches nothing.</exception>
    public static string? WarningFor(string method, ForwardTrace trace, Tensor result, bool mustReach = true)
    {
        using var scope = NewDisposeScope();
        var gradients = SafeGradients.Of(result, ones_like(result), [.. trace.Calls.Select(call => call.Output)]);
        var onTheWay = trace.Calls.Where((_, i) => gradients[i] is not null).ToList();
        var leaves = onTheWay.Where(call => call.Call.IsLeaf).ToList();
        List<string> missed =
        [
            .. leaves
                .Where(call => ProbedLayers.IsActivation(call.Module) && !IsRelu(call))
                .Select(call => $"{call.Name} ({call.Module.GetName()})"),
            .. leaves
                .Select((call, i) => (call.Input, Before: $"a ReLU outside modules before {call.Name}", Earlier: leaves[..i]))
                .Append((result, "a ReLU outside modules at the end", leaves))
                .Where(place => HidesRelu(trace, place.Item1, place.Item3))
                .Select(place => place.Item2),
        ];
        int reached = leaves.Count(IsRelu);
        if (reached == 0 && (missed.Count > 0 || mustReach))
        {
            string others = missed.Count == 0 ? "" : $" (but {string.Join(", ", missed)})";
            throw new InvalidOperationException(
                $"{method} is a rule for ReLUs, but the model {trace.ModelName} runs no ReLU module on the way{others}, so the "
                    + "rule would silently give the plain gradient. Make its ReLUs modules (nn.ReLU()) that forward "
                    + "runs with call; for other activations use Attribution.Saliency."
            );
        }

        return missed.Count == 0
            ? null
            : $"{method} treats {reached} ReLU calls by its rule, but not {string.Join(", ", missed)}: there it is the plain "
                + "gradient.";
    }

    private static bool IsRelu(TracedCall call) => call.Module is TorchSharp.Modules.ReLU;

    /// <summary>Whether a tensor comes through a ReLU that no module of the trace is.</summary>
    private static bool HidesRelu(ForwardTrace trace, Tensor taken, List<TracedCall> earlier)
    {
        if (earlier.Count == 0 || !taken.requires_grad || ForwardTrace.Same(taken, trace.Input) || earlier.Exists(Gave))
        {
            return false;
        }

        var sources = earlier.Select(call => call.Output).ToArray();
        return RectifiesAtTheEnd(taken, sources) || RectifiesAtTheBeginning(taken, sources);

        bool Gave(TracedCall call) => ForwardTrace.Same(taken, call.Output);
    }

    /// <summary>Nothing below zero, and no gradient through what is zero.</summary>
    private static bool RectifiesAtTheEnd(Tensor taken, Tensor[] sources)
    {
        using var scope = NewDisposeScope();
        var zero = taken.detach().eq(Scalars.Zero);
        return zero.any().item<bool>()
            && !taken.detach().lt(Scalars.Zero).any().item<bool>()
            && SafeGradients.Of(taken, zero.to_type(taken.dtype), sources).All(gradient => IsZero(gradient));
    }

    /// <summary>The last source has values below zero, and no gradient gets to any of them.</summary>
    private static bool RectifiesAtTheBeginning(Tensor taken, Tensor[] sources)
    {
        using var scope = NewDisposeScope();
        var seed = Arithmetic
            .Arange(taken.numel(), taken.dtype, taken.device)
            .remainder(Scalars.Of(7))
            .Plus(Scalars.One)
            .reshape(taken.shape);
        var gradients = SafeGradients.Of(taken, seed, sources);
        int last = Array.FindLastIndex(gradients, gradient => gradient is not null);
        if (last < 0)
        {
            return false;
        }

        var below = sources[last].detach().lt(Scalars.Zero);
        return below.sum().item<long>() >= Enough
            && !IsZero(gradients[last])
            && IsZero(gradients[last]! * below.to_type(gradients[last]!.dtype));
    }

    private static bool IsZero(Tensor? gradient) => gradient is null || !gradient.ne(Scalars.Zero).any().item<bool>();
}
