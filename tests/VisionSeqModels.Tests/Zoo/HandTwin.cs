using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Zoo;

/// <summary>A model of the zoo as the computation by hand: functions alone, of the same weights. A view that looks at nothing
/// but inputs and outputs must say the same of both.</summary>
internal sealed class HandTwin : nn.Module<Tensor, Tensor>
{
    private readonly ZooModel model;

    public HandTwin(ZooModel model)
        : base(nameof(HandTwin))
    {
        this.model = model;
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => model.Reference(input, tensor => tensor.relu(), (_, _) => { });
}
