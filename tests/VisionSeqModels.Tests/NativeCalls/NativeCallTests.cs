using System.Globalization;

namespace VisionSeqModels.Tests.NativeCalls;

/// <summary>What a training step asks of libtorch on a GPU's path, counted on the CPU by the names of TorchSharp's own
/// functions. A GPU's time for a small model is the time of these calls.</summary>
public sealed class NativeCallTests
{
    /// <summary>Functions that compute nothing on a device: they read a shape or a type, hand over an argument, count a
    /// reference, or change a switch of this thread.</summary>
    private static readonly string[] Bookkeeping =
    [
        "THSTensor_dispose",
        "THSTensor_free",
        "THSTensor_ndimension",
        "THSTensor_numel",
        "THSTensor_size",
        "THSTensor_sizes",
        "THSTensor_shape",
        "THSTensor_type",
        "THSTensor_device_type",
        "THSTensor_device_index",
        "THSTensor_requires_grad",
        "THSTensor_is_contiguous",
        "THSTensor_grad",
        "THSTensor_alias",
        "THSTensor_detach",
        "THSTensor_is_sparse",
        "THSTorch_int32_to_scalar",
        "THSTorch_int64_to_scalar",
        "THSTorch_float32_to_scalar",
        "THSTorch_float64_to_scalar",
        "THSTorch_dispose_scalar",
        "THSTorch_get_and_reset_last_err",
        "THSJIT_SetTensorOrScalar",
        "THSJIT_GetTensorOrScalar",
        "THSJIT_AllocateTensorOrScalarArray",
        "THSJIT_FreeTensorOrScalarArray",
        "THSAutograd_isGradEnabled",
        "THSAutograd_setGrad",
    ];

    /// <summary>Functions that bring a value to the host, or from it to a device.</summary>
    private static readonly string[] Crossings =
    [
        "THSTensor_cpu",
        "THSTensor_cuda",
        "THSTensor_to_device",
        "THSTensor_to_type_and_device",
        "THSTensor_item",
        "THSTensor_data",
        "THSTensor_copy_",
        "THSTensor_frombuffer",
        "THSTensor_new",
        "THSTensor_newInt64",
        "THSTensor_newFloat16",
        "THSTensor_newBFloat16",
    ];

    [CompilerFact]
    public async Task AStepOfLeNet_TakesAtMost60Operations_OnAGpusPath()
    {
        var calls = await Count("adam");
        var operations = calls.Where(call => !Bookkeeping.Contains(call.Key)).ToList();
        double sum = operations.Sum(call => call.Value);
        Assert.True(sum <= 60, $"{sum}: {string.Join(", ", operations.Select(call => $"{call.Key} {call.Value}"))}");
        Assert.Equal(1, calls["THSTensor_backward"]);
        Assert.Equal(2, calls["THSJIT_CompilationUnit_Invoke"]); // gradients to 0, and the optimizer's step
    }

    [CompilerFact]
    public async Task ClippingTheNorm_IsOneMoreCall()
    {
        var calls = await Count("clipped");
        Assert.Equal(3, calls["THSJIT_CompilationUnit_Invoke"]);
        Assert.Empty(calls.Keys.Intersect(Crossings));
    }

    [CompilerFact]
    public async Task AStepWithAllAugmentations_CopiesNothingFromTheHost_NorToIt()
    {
        var calls = await Count("augmented");
        Assert.Contains("THSNN_grid_sample", calls.Keys); // they ran
        Assert.Empty(calls.Keys.Intersect(Crossings));
    }

    private static async Task<Dictionary<string, double>> Count(string kind)
    {
        using var folder = new TempFolder();
        string answer = await ChildProgram.Answer(ChildProgram.CallsCommand, kind, folder.Root);
        return answer
            .Split('\n', StringSplitOptions.TrimEntries)
            .Select(line => line.Split(' '))
            .ToDictionary(cells => cells[0], cells => double.Parse(cells[1], CultureInfo.InvariantCulture));
    }
}
