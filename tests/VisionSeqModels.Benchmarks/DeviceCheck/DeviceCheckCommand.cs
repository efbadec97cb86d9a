using System.CommandLine;
using TorchSharp;
using VisionSeqModels.Benchmarks.Compare;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Benchmarks.DeviceCheck;

/// <summary>Whether a device computes what the CPU computes: the parts of <c>gpu/check.sh</c> that are C#.</summary>
internal static class DeviceCheckCommand
{
    public static Command Create()
    {
        var part = new Argument<string>("part")
        {
            Description = "tensor: one tensor on the device. values: forward and backward passes. runs: short trainings",
        };
        part.AcceptOnlyFromAmong("tensor", "values", "runs");
        var device = new Option<string>("--device") { Description = "The device", DefaultValueFactory = _ => "cuda" };
        var command = new Command("device-check", "Whether a device computes what the CPU computes") { part, device };
        command.SetAction(line =>
            line.GetValue(part) switch
            {
                "tensor" => OneTensor(line.GetValue(device)!),
                "values" => Print(Workload.Names.SelectMany(name => Values(name, torch.device(line.GetValue(device)!)))),
                _ => Print(DeviceRuns.Measure(line.GetValue(device)!, Console.WriteLine)),
            }
        );
        return command;
    }

    private static int OneTensor(string name)
    {
        TorchRuntime.EnsureAvailable();
        var device = torch.device(name);
        if (device.type == DeviceType.CUDA)
        {
            InitializeDeviceType(DeviceType.CUDA);
        }

        using var scope = NewDisposeScope();
        float sum = arange(1, 5, ScalarType.Float32, device).sum().cpu().item<float>();
        Console.WriteLine(FormattableString.Invariant($"1 + 2 + 3 + 4 on {name} is {sum}; CUDA: {cuda.is_available()}"));
        return sum == 10 ? 0 : 1;
    }

    private static IEnumerable<DeviceDifference> Values(string model, Device device) =>
        (device.type == DeviceType.CUDA ? new[] { false, true } : [false]).SelectMany(tf32 =>
            DeviceValues.Measure(model, device, tf32)
        );

    private static int Print(IEnumerable<DeviceDifference> differences)
    {
        DeviceDifference[] all = [.. differences];
        Table.Print([
            ["model", "what", "distance from the CPU", "allowed", "within"],
            .. all.Select(one => one.Row()),
        ]);
        return all.All(one => one.IsWithin) ? 0 : 1;
    }
}
