using VisionSeqModels.Kernels;

namespace VisionSeqModels.Tests.Kernels;

/// <summary>Which functions of which library share the work, on every system.</summary>
public sealed class OpenMPChoiceTests
{
    private const string Numbers = "omp_get_thread_num omp_get_num_threads";
    private const string Fork = "__kmpc_fork_call __kmpc_push_num_threads __kmpc_global_thread_num";

    [Theory]
    [InlineData($"{Numbers} GOMP_parallel", false, nameof(OpenMPEntry.Gomp))] // Linux: libgomp
    [InlineData($"{Numbers} GOMP_parallel {Fork}", false, nameof(OpenMPEntry.Gomp))] // Linux: libomp
    [InlineData($"{Numbers} GOMP_parallel {Fork}", true, nameof(OpenMPEntry.Gomp))] // macOS on ARM64: libomp
    [InlineData($"{Numbers} {Fork}", false, nameof(OpenMPEntry.Kmpc))] // Windows: libiomp5md
    [InlineData($"{Numbers} {Fork}", true, nameof(OpenMPEntry.None))] // where ... is on the stack
    [InlineData($"{Numbers} __kmpc_fork_call", false, nameof(OpenMPEntry.None))]
    [InlineData($"{Fork} GOMP_parallel omp_get_thread_num", false, nameof(OpenMPEntry.None))]
    [InlineData(Numbers, false, nameof(OpenMPEntry.None))] // the stubs beside Intel's
    [InlineData("_vcomp_fork omp_get_max_threads", false, nameof(OpenMPEntry.None))] // Microsoft's own
    [InlineData("", false, nameof(OpenMPEntry.None))]
    public void Exports_DecideTheEntry(string exports, bool variadicNeedsStack, string expected) =>
        Assert.Equal(expected, OpenMPLibraries.Choose(exports.Split(' ').Contains, variadicNeedsStack).ToString());

    [Fact]
    public void OnWindows_LoadedModulesAreTakenByName_IntelsFirst() =>
        Assert.Equal(
            [@"C:\app\runtimes\LIBIOMP5MD.dll", @"C:\llvm\libomp.dll"],
            OpenMPLibraries.OnWindows([
                @"C:\windows\kernel32.dll",
                @"C:\llvm\libomp.dll",
                @"C:\app\libiompstubs5md.dll",
                @"C:\app\runtimes\LIBIOMP5MD.dll",
                @"C:\windows\vcomp140.dll",
            ])
        );

    [Fact]
    public void Here_TheWorkIsShared()
    {
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsWindows() && !OperatingSystem.IsMacOS())
        {
            return;
        }

        Assert.NotEqual(OpenMPEntry.None, OpenMP.Teams.Entry);
    }

    [Fact]
    public void WithoutOpenMP_OneThreadDoesEverything_AndManyOfLibtorchsWin()
    {
        OpenMP.Instead = OpenMPTeams.None;
        try
        {
            Assert.Equal(1, OpenMP.Threads(100));
            foreach (var (threads, isBeneficial) in new[] { (1, true), (2, true), (3, false), (16, false) })
            {
                using var count = new VisionSeqModels.Torch.ThreadCount(threads);
                Assert.Equal(isBeneficial, OpenMP.IsBeneficial);
            }
        }
        finally
        {
            OpenMP.Instead = null;
        }
    }
}
