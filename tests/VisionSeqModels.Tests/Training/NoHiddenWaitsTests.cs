using Mono.Cecil;
using Mono.Cecil.Cil;
using VisionSeqModels.Tests.Conventions;

namespace VisionSeqModels.Tests.Training;

/// <summary> Reads the compiled library: in training, evaluation, losses, metrics and augmentation nothing brings a value
/// from the device to the host but <c>HostReader</c>, which counts. So the count in a run's record is the true one.
/// </summary>
public sealed class NoHiddenWaitsTests
{
    private static readonly string[] Reading =
    [
        "item",
        "cpu",
        "data",
        "get_bytes",
        "ToSingle",
        "ToDouble",
        "ToInt32",
        "ToInt64",
        "ToBoolean",
        "ToScalar",
        "nonzero",
        "bincount",
        "clip_grad_norm_",
        "tolist",
    ];

    /// <summary>What runs in a step besides, on other floors.</summary>
    private static readonly string[] OnOtherFloors =
    [
        "HostReader",
        "FiniteCheck",
        "Augmentation",
        "ImageBatch",
        "RandomCrop",
        "RandomShift",
        "RandomHorizontalFlip",
        "Cutout",
        "AffineWarp",
        "ColorJitter",
        "ColorSpace",
        "CutMix",
        "MixUp",
        "RandomAffine",
        "RandomErasing",
        "RandomRotation",
        "RandomScale",
        "SampleMixing",
        "TargetValues",
        "ImageDataset",
        "DeviceImages",
        "ImageSubset",
        "EarlyStopping",
        "ReduceLearningRateOnPlateau",
        "ExponentialMovingAverage",
        "ProgressReporter",
        "JsonLinesLogger",
        "CsvLogger",
        "RunRecorder",
        "ModelCheckpoint",
        "ModelSnapshot",
    ];

    /// <summary>What reads outside of steps, and why it may.</summary>
    private static readonly Dictionary<string, string> Allowed = new()
    {
        ["VisionSeqModels.Torch.HostReader"] = "the gateway",
        ["VisionSeqModels.Training.MetricTotals::Load"] = "takes back saved numbers, which are on the CPU",
        ["VisionSeqModels.Training.TrainingStateManager::Restore"] = "takes back a saved state, which is on the CPU",
        ["VisionSeqModels.ImageDataset::Gather"] = "makes batches of bytes that are on the CPU",
        ["VisionSeqModels.ImageDataset::GetLabel"] = "reads labels, which are on the CPU, when a set is divided",
        ["VisionSeqModels.Optimization.Adam::Floats"] = "moves weights that are on the CPU, and none that are elsewhere",
        ["VisionSeqModels.Data.TargetValues"] = "looks at targets that are on the CPU, and at none that are elsewhere",
        ["VisionSeqModels.Training.MeasuredBatch::Places"] = "looks at lengths, which a batch keeps on the CPU",
        ["VisionSeqModels.Training.Evaluator"] = "Predict returns outputs on the CPU",
    };

    [Fact]
    public void NothingReadsTheDeviceButTheCountedGateway()
    {
        using var assembly = AssemblyDefinition.ReadAssembly(typeof(Trainer).Assembly.Location);
        var found = assembly
            .MainModule.GetTypes()
            .Where(IsOnTheWay)
            .SelectMany(type => type.Methods.Where(method => method.HasBody))
            .Where(method => !Allowed.Keys.Any(allowed => Name(method).StartsWith(allowed, StringComparison.Ordinal)))
            .SelectMany(method => Reads(method).Select(read => $"{Name(method)} calls {read}"))
            .ToList();
        Assert.True(found.Count == 0, string.Join('\n', found));
    }

    [Fact]
    public void TheScan_SeesTheGatewaysOwnReads()
    {
        using var assembly = AssemblyDefinition.ReadAssembly(typeof(Trainer).Assembly.Location);
        var gateway = assembly.MainModule.GetType("VisionSeqModels.Torch.HostReader");
        Assert.True(gateway.Methods.Concat(gateway.NestedTypes.SelectMany(type => type.Methods)).SelectMany(Reads).Count() >= 2);
    }

    private static bool IsOnTheWay(TypeDefinition type)
    {
        string name = Outermost(type).Name.Split('`')[0];
        return Floors.Files.ContainsKey(name)
            && (Floors.Of(name) is "Training" or "Metrics" or "Optimization" || OnOtherFloors.Contains(name));
    }

    private static IEnumerable<string> Reads(MethodDefinition method) =>
        method.HasBody
            ? method
                .Body.Instructions.Where(instruction => instruction.OpCode.Code is Code.Call or Code.Callvirt)
                .Select(instruction => (MethodReference)instruction.Operand)
                .Where(called =>
                    called.DeclaringType.FullName.StartsWith("TorchSharp", StringComparison.Ordinal)
                    && Reading.Contains(called.Name)
                )
                .Select(called => called.Name)
            : [];

    private static string Name(MethodDefinition method) =>
        $"{Outermost(method.DeclaringType).FullName}::"
        + $"{(method.DeclaringType.IsNested ? method.DeclaringType.Name + "." : "")}{method.Name}";

    private static TypeDefinition Outermost(TypeDefinition type) =>
        type.DeclaringType is null ? type : Outermost(type.DeclaringType);
}
