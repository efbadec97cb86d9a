using VisionSeqModels.Torch;

namespace VisionSeqModels.Tests.Kernels;

/// <summary>No failure in a backward pass ends the process: each is a caught exception. Each runs in a process of its
/// own.</summary>
public sealed class BackwardFaultTests
{
    public static TheoryData<string> Names => [.. BackwardFaults.Names];

    public static TheoryData<string> Functions => [.. BackwardFaults.Functions];

    [Fact]
    public void EveryAutogradFunction_IsGuarded_AndInjected()
    {
        var types = BackwardFaults.FunctionTypes.ToList();
        Assert.Equal(BackwardFaults.Functions.Order(), types.Select(type => type.Name).Order());
        Assert.All(
            types,
            type =>
                Assert.Contains(
                    BackwardFaults.Bases(type),
                    ancestor => ancestor.IsGenericType && ancestor.GetGenericTypeDefinition() == typeof(GuardedFunction<>)
                )
        );
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public async Task ThrowAtEachPlace_IsCaught(string function)
    {
        int[] places = [.. (await Run(function)).Split(' ').Select(int.Parse)];
        Assert.True(places[0] >= 4 && places[1] >= 1, $"Only {places[0]} and {places[1]} places threw.");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Failure_IsCaught(string name)
    {
        string result = await Run(name);
        Assert.NotEqual("nothing", result);
        string? expected = name switch
        {
            "fit: injected" => "injected at ",
            "fit: clamp after the call" or "fit: weights changed" => "modified by an inplace operation",
            "half weights" or "fit: half weights" => "has weights of dtype Float16 but received an input of dtype Float32",
            _ => null,
        };
        Assert.Contains(expected ?? "Exception: ", result, StringComparison.Ordinal);
    }

    private static async Task<string> Run(string name)
    {
        using var child = ChildProgram.Start(ChildProgram.FaultCommand, name);
        var error = child.StandardError.ReadToEndAsync();
        string output = await child.StandardOutput.ReadToEndAsync();
        await child.WaitForExitAsync();
        Assert.True(child.ExitCode == 0, output + await error);
        Assert.StartsWith(ChildProgram.Done, output, StringComparison.Ordinal);
        return output.Trim()[ChildProgram.Done.Length..];
    }
}
