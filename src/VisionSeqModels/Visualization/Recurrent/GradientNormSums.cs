using VisionSeqModels.Data;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>Sums, over samples, the norms of each sample's gradient at each step.</summary>
internal sealed class GradientNormSums(IRecurrentModel model)
{
    private double[]? _inputs;
    private double[]? _states;
    private double[]? _counts; // of the samples that have each step

    public int SampleCount { get; private set; }

    public IReadOnlyList<double> InputMeans => Means(_inputs!);

    public IReadOnlyList<double> StateMeans => Means(_states!);

    /// <summary>Adds the batch's first samples.</summary>
    /// <param name="batch">The batch, on the model's device.</param>
    /// <param name="maximum">How many samples at most.</param>
    public void Add(Batch batch, int maximum)
    {
        long count = Math.Min(batch.Count, maximum);
        var (inputs, states) = Norms(batch.First(count));
        double[] counts = batch.Lengths is null
            ? [.. Enumerable.Repeat((double)count, inputs.Length)]
            : TensorNumbers.Doubles(StepMask.Of(batch.First(count).Lengths!, inputs.Length, CPU).sum([0L]));
        _counts = Sum(_counts, counts);
        _inputs = Sum(_inputs, inputs);
        _states = Sum(_states, states);
        SampleCount += (int)count;
    }

    private (double[] Inputs, double[] States) Norms(Batch batch)
    {
        using var normal = inference_mode(false);
        using var gradients = enable_grad();
        var sequence = model.ToSequence(batch.Inputs).detach().clone().requires_grad_();
        var unrolled = batch.Lengths is null ? model.Unroll(sequence) : model.Unroll(sequence, batch.Lengths);
        var isStep = batch.Lengths is null ? null : StepMask.Of(batch.Lengths, sequence.size(1), sequence.device);
        var loss = nn.functional.cross_entropy(unrolled.Scores, batch.Targets, reduction: nn.Reduction.Sum);
        var all = SafeGradients.Of(loss, null, [sequence, .. unrolled.Layers[^1].Select(step => step.Hidden)]);
        if (all[0] is not Tensor ofInputs || all.Skip(1).All(gradient => gradient is null))
        {
            throw new InvalidOperationException(
                $"The scores that {model.GetType().Name}.Unroll returns do not depend on the sequence and the hidden states that "
                    + "it returns, so there is no gradient to measure. Compute the scores from the very tensors in "
                    + "RecurrentStep.Hidden."
            );
        }

        var states = all.Skip(1)
            .Select((gradient, t) => gradient is null ? zeros(1) : Counted(gradient.norm(1), t).sum().reshape(1).cpu());
        return (TensorNumbers.Doubles(ofInputs.norm(2).sum([0L])), TensorNumbers.Doubles(cat([.. states])));

        // after a sequence's end its last state is carried along
        Tensor Counted(Tensor norms, int step) => isStep is null ? norms : norms * isStep.select(1, step);
    }

    /// <summary>Over the samples that have a step, up to the last that any has.</summary>
    private double[] Means(double[] sums) =>
        [.. sums.TakeWhile((_, step) => _counts![step] > 0).Select((sum, step) => sum / _counts![step])];

    /// <summary>Adds step by step; batches may differ in how many they have.</summary>
    private static double[] Sum(double[]? sums, double[] values)
    {
        if (sums is null)
        {
            return values;
        }

        double At(double[] of, int step) => step < of.Length ? of[step] : 0;
        return [.. Enumerable.Range(0, Math.Max(sums.Length, values.Length)).Select(step => At(sums, step) + At(values, step))];
    }
}
