using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Zoo;

/// <summary>A small model with a habit of other people's models, and the same computation written by hand.</summary>
internal abstract class ZooModel(string name) : nn.Module<Tensor, Tensor>(name)
{
    /// <summary>The same computation by functions alone: nothing in place, no module called.</summary>
    /// <param name="input">The input.</param>
    /// <param name="relu">What takes the place of each ReLU that is a module.</param>
    /// <param name="given">Is called with the name and the output of each call of a module that matters to a test.</param>
    public abstract Tensor Reference(Tensor input, Func<Tensor, Tensor> relu, Action<string, Tensor> given);

    /// <summary>Whether every ReLU on the way to the scores is a module that runs by call; null where there is none.</summary>
    public virtual bool? AllRelusAreModules => true;

    /// <summary>Whether a gradient gets from the scores to the images.</summary>
    public virtual bool ReachesInput => true;

    /// <summary>The last layer with maps that leads to the scores.</summary>
    public virtual string LastMaps => "conv2";

    /// <summary>The shape of one image.</summary>
    public virtual long[] ImageShape => [3, 10, 10];
}
