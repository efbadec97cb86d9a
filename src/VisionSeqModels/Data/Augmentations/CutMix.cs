using VisionSeqModels.Core;
using VisionSeqModels.Data;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>Puts a rectangle of another image of the batch into each image, and blends the targets by area; one rectangle a
/// batch, which may be cut off at the edge (torchvision's <c>v2.CutMix</c>).</summary>
/// <remarks><para>Yun et al., "CutMix: regularization strategy to train strong classifiers with localizable features" (2019).
/// Labels become a probability for each class, which <see cref="Losses.CrossEntropy"/> and <see cref="Losses.Focal"/> take;
/// training metrics compare with the most probable class. Floating-point targets are blended as they are.</para>
/// <para>On the CPU a label that is no class, an ignored one included, is refused; on another device, where a look would make
/// each step wait, it makes the loss NaN.</para></remarks>
public sealed class CutMix : Augmentation
{
    /// <summary>How many classes the labels have; at least 2 (torchvision's <c>num_classes</c>). Not used where targets are
    /// floating-point numbers.</summary>
    public required int ClassCount { get; init; }

    /// <summary>The fraction of the area that stays is drawn from Beta(alpha, alpha); default 1 (every fraction alike), finite,
    /// above 0 (torchvision's <c>alpha</c>).</summary>
    public double Alpha { get; init; } = 1;

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
        ImageBatch.Check(images, nameof(CutMix));
        using var scope = NewDisposeScope();
        var order = DeviceDraws.Order(images.device, images.size(0));
        var weight = SampleMixing.Weight(images.device, Alpha, Probability);
        var down = DeviceDraws.Whole(images.device, 0, images.size(2), 1);
        var right = DeviceDraws.Whole(images.device, 0, images.size(3), 1);
        var (mixed, soft) = Apply(images, targets, order, weight, down, right);
        return (mixed.MoveToOuterDisposeScope(), soft.MoveToOuterDisposeScope());
    }

    /// <summary>Mixes with the images in another order.</summary>
    /// <param name="images">The images.</param>
    /// <param name="targets">Their targets.</param>
    /// <param name="order">The others' indices, <c>[batch]</c>.</param>
    /// <param name="weight">The fraction of the area that would stay if no edge cut the rectangle, without dimensions.</param>
    /// <param name="down">The row of the rectangle's middle, <c>[1]</c>.</param>
    /// <param name="right">The column of its middle, <c>[1]</c>.</param>
    internal (Tensor Images, Tensor Targets) Apply(
        Tensor images,
        Tensor targets,
        Tensor order,
        Tensor weight,
        Tensor down,
        Tensor right
    )
    {
        using var scope = NewDisposeScope();
        var soft = SampleMixing.Soft(nameof(CutMix), images, targets, ClassCount);
        var side = weight.OneMinus().clamp(Scalars.Zero, Scalars.One).sqrt();
        var inside = Inside(down, side, images.size(2)).unsqueeze(1) & Inside(right, side, images.size(3)).unsqueeze(0);
        var stays = inside.to_type(ScalarType.Float32).mean().OneMinus();
        return (
            where(inside, images.index_select(0, order), images).MoveToOuterDisposeScope(),
            SampleMixing.Blend(soft, soft.index_select(0, order), stays).MoveToOuterDisposeScope()
        );
    }

    /// <inheritdoc/>
    protected internal override IReadOnlyList<string> Faults() =>
        new OptionFaults(nameof(CutMix))
            .AtLeast(2, nameof(ClassCount), ClassCount)
            .Positive(nameof(Alpha), Alpha)
            .Require(Probability is >= 0 and <= 1, nameof(Probability), "from 0 to 1", Probability)
            .All;

    /// <summary>Which positions along one side are in the rectangle, <c>[length]</c>.</summary>
    private static Tensor Inside(Tensor middle, Tensor side, long length)
    {
        var half = side.mul(Scalars.Of(length)).to_type(ScalarType.Int64).div(Scalars.Two, RoundingMode.floor);
        var positions = Arithmetic.Arange(length, device: middle.device);
        return positions.ge(middle - half) & positions.lt(middle.Plus(half));
    }
}
