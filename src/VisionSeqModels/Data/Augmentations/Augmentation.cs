using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>Changes training images at random, so that no two epochs show the same ones. Derive from it to bring your
/// own.</summary>
/// <remarks>The trainer seeds torch's random generator before every step, so an augmentation that takes its numbers from
/// there is repeated exactly by a run of the same seed, and by a resumed one.</remarks>
public abstract class Augmentation
{
    /// <summary>A name for run.json.</summary>
    public virtual string Name => GetType().Name;

    /// <summary>Changes a batch.</summary>
    /// <param name="images">Normalised images <c>[batch, channels, height, width]</c>, float32, on any device; not to be
    /// changed in place.</param>
    /// <returns>A tensor of the same shape, dtype and device; it belongs to the current dispose scope.</returns>
    public abstract Tensor Apply(Tensor images);

    /// <summary>Says what is wrong with the settings, a sentence each; nothing where all is well.</summary>
    protected internal virtual IReadOnlyList<string> Faults() => [];
}
