using TorchSharp;
using TorchSharp.Modules;
using VisionSeqModels.Checkpoints;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Visualization.Attribution;

/// <summary>The net of TestData/attribution/make_attributions.py, with its weights.</summary>
internal sealed class ReferenceNet : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d conv1 = nn.Conv2d(2, 4, 3, padding: 1);
    private readonly BatchNorm2d norm1 = nn.BatchNorm2d(4);
    private readonly ReLU relu;
    private readonly MaxPool2d pool = nn.MaxPool2d(3, 2);
    private readonly Conv2d conv2 = nn.Conv2d(4, 4, 3, padding: 1);
    private readonly BatchNorm2d norm2 = nn.BatchNorm2d(4);
    private readonly AvgPool2d average = nn.AvgPool2d(2);
    private readonly Linear fc1 = nn.Linear(16, 8);
    private readonly Dropout drop = nn.Dropout(0.5);
    private readonly Linear fc2 = nn.Linear(8, 3);

    /// <param name="answers">The file's tensors.</param>
    /// <param name="inPlace">Whether its ReLU, which runs three times, writes in place.</param>
    /// <param name="dtype">The dtype of the weights.</param>
    public ReferenceNet(SafetensorsContent answers, bool inPlace, ScalarType dtype = ScalarType.Float64)
        : base(nameof(ReferenceNet))
    {
        relu = nn.ReLU(inPlace);
        RegisterComponents();
        this.to(dtype);
        using var noGradients = no_grad();
        foreach (var (name, values) in named_parameters().Select(entry => (entry.name, (Tensor)entry.parameter)))
        {
            values.copy_(answers.Tensors[$"w.{name}"]);
        }

        foreach (var (name, values) in named_buffers().Where(entry => answers.Tensors.ContainsKey($"w.{entry.name}")))
        {
            values.copy_(answers.Tensors[$"w.{name}"]);
        }
    }

    public override Tensor forward(Tensor input)
    {
        var pooled = pool.call(relu.call(norm1.call(conv1.call(input))));
        var block = relu.call(norm2.call(conv2.call(pooled)) + pooled);
        return fc2.call(drop.call(relu.call(fc1.call(average.call(block).flatten(1)))));
    }
}
