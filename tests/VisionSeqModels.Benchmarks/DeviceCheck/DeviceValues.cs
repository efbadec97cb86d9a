using TorchSharp;
using VisionSeqModels.Benchmarks.Compare;
using VisionSeqModels.Data;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Benchmarks.DeviceCheck;

/// <summary>A model's values and gradients on a device, beside those on the CPU by this library's kernels.</summary>
/// <remarks>The CPU as the device is handled as a GPU is: by libtorch's operations alone.</remarks>
internal static class DeviceValues
{
    /// <summary>What float32 may differ by. A value beside a kink (ReLU, a maximum) can fall to its other side, which moves
    /// gradients more than values.</summary>
    public static readonly (double Values, double Gradients) Float32 = (1e-4, 1e-3);

    /// <summary>What TF32 may differ by, libtorch's default for convolutions and recurrent layers on a GPU: 10 bits of a
    /// factor.</summary>
    public static readonly (double Values, double Gradients) Tf32 = (1e-2, 5e-2);

    /// <summary>Trains no step: one forward and one backward pass.</summary>
    /// <param name="model">The model's name.</param>
    /// <param name="device">The device.</param>
    /// <param name="allowsTf32">Whether the device may compute in TF32.</param>
    public static IReadOnlyList<DeviceDifference> Measure(string model, Device device, bool allowsTf32)
    {
        using var scope = NewDisposeScope();
        using var images = Workload.Load(model, Workload.BatchSize, null);
        var batch = images.Read(new BatchRequest { BatchSize = Workload.BatchSize }).Single();
        var work = new Workload(model, images);
        var (values, loss, gradients) = Pass(work, batch, CPU);
        backends.cudnn.allow_tf32 = allowsTf32;
        backends.cuda.matmul.allow_tf32 = allowsTf32;
        HostDevice.IsRemote = true;
        try
        {
            var there = Pass(work, batch, device);
            var allowed = allowsTf32 ? Tf32 : Float32;
            string kind = allowsTf32 ? "TF32" : "float32";
            return
            [
                new(model, $"values, {kind}", Distance(there.Values, values), allowed.Values),
                new(model, $"loss, {kind}", Distance(there.Loss, loss), allowed.Values),
                new(model, $"gradients, the farthest, {kind}", there.Gradients.Zip(gradients, Distance).Max(), allowed.Gradients),
            ];
        }
        finally
        {
            HostDevice.IsRemote = false;
        }
    }

    private static (Tensor Values, Tensor Loss, Tensor[] Gradients) Pass(Workload work, Batch batch, Device device)
    {
        using var model = work.Model().to(device);
        model.train();
        var values = model.call(batch.Inputs.to(device));
        var loss = nn.functional.cross_entropy(values, batch.Targets.to(device));
        loss.backward();
        return (values.cpu(), loss.cpu(), [.. model.parameters().Select(parameter => parameter.grad!.cpu().clone())]);
    }

    private static double Distance(Tensor there, Tensor here) => ((there - here).norm() / here.norm()).item<float>();
}
