using static TorchSharp.torch;

namespace VisionSeqModels.Torch;

/// <summary>A call of a <see cref="ForwardTrace"/>, with what it took and gave. Both tensors belong to the trace.</summary>
/// <param name="Call">Which call.</param>
/// <param name="Input">The first tensor that it took.</param>
/// <param name="Output">The first tensor that it gave, or what was put in its place.</param>
internal sealed record TracedCall(ModuleCall Call, Tensor Input, Tensor Output)
{
    public string Name => Call.Name;

    public nn.Module Module => Call.Module;

    /// <summary>Whether it gave feature maps <c>[batch, channels, height, width]</c> of more than one pixel.</summary>
    public bool GivesMaps => Output.dim() == 4 && Output.size(2) * Output.size(3) > 1;
}
