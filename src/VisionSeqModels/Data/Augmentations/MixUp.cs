using VisionSeqModels.Core;
using VisionSeqModels.Data;
using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>Blends each image, and its target, with another of the batch: <c>λ · own + (1 − λ) · other</c>, with one λ a
/// batch (torchvision's <c>v2.MixUp</c>).</summary>
/// <remarks><para>Zhang et al., "mixup: beyond empirical risk minimization" (2018). Labels become a probability for each class,
/// which <see cref="Losses.CrossEntropy"/> and <see cref="Losses.Focal"/> take; training metrics compare with the most
/// probable class. Floating-point targets are blended as they are.</para>
/// <para>On the CPU a label that is no class, an ignored one included, is refused; on another device, where a look would make
/// each step wait, it makes the loss NaN.</para></remarks>
public sealed class MixUp : Augmentation
{
    /// <summary>How many classes the labels have; at least 2 (torchvision's <c>num_classes</c>). Not used where targets are
    /// floating-point numbers.</summary>
    public required int ClassCount { get; init; }

    /// <summary>λ is drawn from Beta(alpha, alpha); default 0.2, finite, above 0 (torchvision's <c>alpha</c>, whose default is
    /// 1). The larger, the more even the blend.</summary>
    public double Alpha { get; init; } = 0.2;

    /// <summary>The chance of each batch; default 1, from 0 to 1.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>Not supported: it would leave the targets as they are.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override Tensor Apply(Tensor images) =>
        throw new NotSupportedException($"{Name} changes targets too: call Apply(images, targets).");

    /// <inheritdoc/>
    public override (Tensor Images, Tensor Targets) Apply(Tensor images, Tensor targets)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(targets);
        ImageBatch.Check(images, nameof(MixUp));
        using var scope = NewDisposeScope();
        var order = DeviceDraws.Order(images.device, images.size(0));
        var weight = SampleMixing.Weight(images.device, Alpha, Probability);
        var (mixed, soft) = Apply(images, targets, order, weight);
        return (mixed.MoveToOuterDisposeScope(), soft.MoveToOuterDisposeScope());
    }

    /// <summary>Mixes with the images in another order, by a weight without dimensions.</summary>
    internal (Tensor Images, Tensor Targets) Apply(Tensor images, Tensor targets, Tensor order, Tensor weight)
    {
        using var scope = NewDisposeScope();
        var soft = SampleMixing.Soft(nameof(MixUp), images, targets, ClassCount);
        return (
            SampleMixing.Blend(images, images.index_select(0, order), weight).MoveToOuterDisposeScope(),
            SampleMixing.Blend(soft, soft.index_select(0, order), weight).MoveToOuterDisposeScope()
        );
    }

    /// <inheritdoc/>
    protected internal override IReadOnlyList<string> Faults() =>
        new OptionFaults(nameof(MixUp))
            .AtLeast(2, nameof(ClassCount), ClassCount)
            .Positive(nameof(Alpha), Alpha)
            .Require(Probability is >= 0 and <= 1, nameof(Probability), "from 0 to 1", Probability)
            .All;
}
