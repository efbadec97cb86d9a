using TorchSharp.Modules;
using VisionSeqModels.Core;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>An input that makes a class score, or the mean of a feature map, as large as it can. Erhan et al., "Visualizing
/// higher-layer features of a deep network" (2009); Simonyan et al. (2013).</summary>
public static class ActivationMaximization
{
    private static readonly long[] LastTwo = [-2, -1];

    /// <summary>Searches for the input.</summary>
    /// <param name="model">The model, giving scores <c>[batch, classes]</c>; nothing of it changes.</param>
    /// <param name="shape">The shape of one input with its batch of one, for example <c>[1, 3, 32, 32]</c>.</param>
    /// <param name="options">Which class or feature map, and how; null for the defaults.</param>
    /// <param name="cancellationToken">Checked between steps.</param>
    /// <returns>The input as a map of values in the model's own numbers; <see cref="AttributionMap.Score"/> is the score,
    /// the mean of the feature map, or the objective, that it reaches.</returns>
    /// <exception cref="ArgumentException">There is no such layer or class.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static AttributionMap Measure(
        nn.Module<Tensor, Tensor> model,
        IReadOnlyList<long> shape,
        ActivationMaximizationOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(shape);
        options ??= new ActivationMaximizationOptions();
        options.Validate();
        Tensor Objective(ForwardTrace pass) =>
            options.Objective is not null
                ? OutputScores
                    .Objective(options.Objective, options.Layer is null ? pass.Output : pass.Find(options.Layer).Output)
                    .sum()
            : options.Layer is null ? OutputScores.Select(pass.Output, [options.Target]).sum()
            : MapOf(pass, options.Layer, options.Target).mean();
        string name = NameOf(options);
        using var normal = inference_mode(false);
        using var scope = NewDisposeScope();
        using var generator = new Generator(SplitMix.Mix((ulong)options.Seed));
        var device = ModelDevice.Of(model);
        var free = new Parameter((randn([.. shape], generator: generator) * 0.1).to(device));
        using var adam = optim.Adam([free], options.LearningRate);
        var moves = new SplitMix(SplitMix.Mix((ulong)options.Seed + 1));
        for (int step = 0; step < options.StepCount; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var stepScope = NewDisposeScope();
            using var gradients = enable_grad();
            var image = Bounded(free, options);
            var signal = SignalAt(model, image, options, ref moves, Objective);
            var penalty =
                (image.square().mean() * options.L2) + (Variation(image) * options.TotalVariation) - (image * signal).sum();
            free.grad = SafeGradients.Of(penalty, null, free)[0];
            adam.step();
        }

        var result = Bounded(free, options).detach();
        using var last = ForwardTrace.OfOutputs(model, result);
        double reached = Objective(last).detach().to_type(ScalarType.Float64).item<double>();
        free.grad = null;
        return AttributionMap.Of(name, result, [options.Objective is null ? options.Target : -1], [reached]).Single();
    }

    /// <summary>The objective's gradient with respect to the image, which is moved before and back after.</summary>
    private static Tensor SignalAt(
        nn.Module<Tensor, Tensor> model,
        Tensor image,
        ActivationMaximizationOptions options,
        ref SplitMix moves,
        Func<ForwardTrace, Tensor> objective
    )
    {
        int range = (2 * options.Jitter) + 1;
        long[] by = image.dim() >= 2 ? [moves.Below(range) - options.Jitter, moves.Below(range) - options.Jitter] : [0, 0];
        using var pass = ForwardTrace.OfOutputs(model, image.roll(by, LastTwo));
        var gradient =
            SafeGradients.Of(objective(pass), null, pass.Input)[0]
            ?? throw new InvalidOperationException(
                $"No gradient gets from {options.Layer ?? "the scores"} to the input of {model.GetName()}: the model detaches "
                    + "what it computes, so there is no direction to improve the input. Remove detach and no_grad on that path."
            );
        return gradient.roll(new[] { -by[0], -by[1] }, LastTwo);
    }

    private static string NameOf(ActivationMaximizationOptions options) =>
        options.Objective is null
            ? options.Layer is null
                ? $"Class {options.Target}"
                : $"{options.Layer}, map {options.Target}"
            : options.Layer is null
                ? "Objective"
                : $"{options.Layer}, objective";

    private static Tensor MapOf(ForwardTrace pass, string layer, long map)
    {
        var output = pass.Find(layer).Output;
        return output.dim() >= 2 && map < output.size(1)
            ? output.select(1, map)
            : throw new ArgumentException(
                $"The layer '{layer}' gives {Shape.Of(output)}, so it has no map {map}"
                    + (output.dim() >= 2 ? $": maps are from 0 to {output.size(1) - 1}." : ".")
            );
    }

    /// <summary>A number without bounds as a value between the bounds.</summary>
    private static Tensor Bounded(Tensor free, ActivationMaximizationOptions options) =>
        (free.sigmoid() * (options.Maximum - options.Minimum)) + options.Minimum;

    /// <summary>The mean absolute difference of neighbours along the last two axes, summed over both: 0 for an image of one
    /// colour.</summary>
    internal static Tensor Variation(Tensor image)
    {
        Tensor Along(int axis) =>
            (image.narrow(axis, 1, image.size(axis) - 1) - image.narrow(axis, 0, image.size(axis) - 1)).abs().sum()
            / image.numel();
        return Along((int)image.dim() - 1) + Along((int)image.dim() - 2);
    }
}
