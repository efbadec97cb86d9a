using System.Globalization;
using static TorchSharp.torch;

namespace VisionSeqModels.Models;

/// <summary>Blocks in a row, named <c>0</c>, <c>1</c> and so on. Unlike nn.Sequential it disposes nothing that a hook may have
/// kept.</summary>
internal sealed class ResNetStage : nn.Module<Tensor, Tensor>
{
    private readonly List<BasicBlock> _blocks = [];

    /// <param name="blocks">How many blocks.</param>
    /// <param name="inputs">Channels of its input.</param>
    /// <param name="outputs">Channels of its output.</param>
    /// <param name="stride">By how much the first block divides height and width.</param>
    /// <param name="shortcut">The shortcut where sizes differ.</param>
    public ResNetStage(int blocks, int inputs, int outputs, int stride, ResNetShortcut shortcut)
        : base(nameof(ResNetStage))
    {
        for (int i = 0; i < blocks; i++)
        {
            _blocks.Add(i == 0 ? new(inputs, outputs, stride, shortcut) : new(outputs, outputs, 1, shortcut));
            register_module(i.ToString(CultureInfo.InvariantCulture), _blocks[i]);
        }
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return _blocks.Aggregate(input, (maps, block) => block.call(maps)).MoveToOuterDisposeScope();
    }
}
