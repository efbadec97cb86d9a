using System.Diagnostics.CodeAnalysis;
using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>Changes training images at random, so that each epoch shows other images. Derive from it to bring your
/// own.</summary>
/// <remarks>The trainer seeds libtorch's random generator before every step. So a run of the same seed, and a resumed run,
/// repeat an augmentation exactly if it draws its numbers from there. That is the CPU's generator or, with
/// <c>device: images.device</c>, the GPU's, which needs no copy.</remarks>
[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)]
public abstract class Augmentation
{
    /// <summary>A name for run.json.</summary>
    public virtual string Name => GetType().Name;

    /// <summary>Changes a batch.</summary>
    /// <param name="images">Normalised images <c>[batch, channels, height, width]</c>, float32, on any device. Do not change
    /// them in place.</param>
    /// <returns>A tensor of the same shape, dtype and device; it belongs to the current dispose scope.</returns>
    public abstract Tensor Apply(Tensor images);

    /// <summary>Changes a batch and, where the augmentation mixes samples, its targets too. The trainer calls this one; by
    /// default it changes the images alone.</summary>
    /// <param name="images">Normalised images <c>[batch, channels, height, width]</c>, float32, on any device; not to be
    /// changed in place.</param>
    /// <param name="targets">Their targets, for classification labels <c>[batch]</c>, int64, or, after an augmentation that
    /// mixes samples, a probability for each class; not to be changed in place.</param>
    /// <returns>Images of the same shape, dtype and device, and their targets; they belong to the current dispose
    /// scope.</returns>
    public virtual (Tensor Images, Tensor Targets) Apply(Tensor images, Tensor targets) => (Apply(images), targets);

    /// <summary>The faults of the settings, a sentence each; empty if there are none.</summary>
    protected internal virtual IReadOnlyList<string> Faults() => [];
}
