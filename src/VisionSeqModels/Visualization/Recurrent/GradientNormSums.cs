using VisionSeqModels.Data;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>Sums, over samples, the norms of each sample's gradient at each step.</summary>
internal sealed class GradientNormSums(IRecurrentModel model)
{
    private double[]? _inputs;
    private double[]? _states;

    public int SampleCount { get; private set; }

    public IReadOnlyList<double> InputMeans => [.. _inputs!.Select(sum => sum / SampleCount)];

    public IReadOnlyList<double> StateMeans => [.. _states!.Select(sum => sum / SampleCount)];

    /// <summary>Adds the batch's first samples.</summary>
    /// <param name="batch">The batch, on the model's device.</param>
    /// <param name="maximum">How many samples at most.</param>
    public void Add(Batch batch, int maximum)
    {
        long count = Math.Min(batch.Count, maximum);
        var (inputs, states) = Norms(batch.Inputs.narrow(0, 0, count), batch.Targets.narrow(0, 0, count));
        _inputs = Sum(_inputs, inputs);
        _states = Sum(_states, states);
        SampleCount += (int)count;
    }

    private (double[] Inputs, double[] States) Norms(Tensor inputs, Tensor targets)
    {
        using var normal = inference_mode(false);
        using var gradients = enable_grad();
        var sequence = model.ToSequence(inputs).detach().clone().requires_grad_();
        var unrolled = model.Unroll(sequence);
        var loss = nn.functional.cross_entropy(unrolled.Scores, targets, reduction: nn.Reduction.Sum);
        var all = SafeGradients.Of(loss, null, [sequence, .. unrolled.Layers[^1].Select(step => step.Hidden)]);
        if (all[0] is not Tensor ofInputs || all.Skip(1).All(gradient => gradient is null))
        {
            throw new InvalidOperationException(
                $"The scores that {model.GetType().Name}.Unroll returns do not depend on the sequence and the hidden states that "
                    + "it returns, so there is no gradient to measure. Compute the scores from the very tensors in "
                    + "RecurrentStep.Hidden."
            );
        }

        var states = all.Skip(1).Select(gradient => gradient is null ? zeros(1) : gradient.norm(1).sum().reshape(1).cpu());
        return (TensorNumbers.Doubles(ofInputs.norm(2).sum([0L])), TensorNumbers.Doubles(cat([.. states])));
    }

    private static double[] Sum(double[]? sums, double[] values) =>
        sums is null ? values : [.. sums.Zip(values, (sum, value) => sum + value)];
}
