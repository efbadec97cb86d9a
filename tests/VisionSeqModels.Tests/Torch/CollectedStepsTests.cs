namespace VisionSeqModels.Tests.Torch;

/// <summary>Garbage collections do a training no harm. Each runs in a process of its own.</summary>
public sealed class CollectedStepsTests
{
    /// <summary>4 MB, in hexadecimal digits: what the collector lets a process allocate before it runs by itself.</summary>
    private static readonly Dictionary<string, string?> BudgetOf4MB = new() { ["DOTNET_GCgen0size"] = "400000" };

    [Fact]
    public async Task CollectionsOfAWastefulModel_FallBetweenTheSteps()
    {
        var (inside, all) = await Run(CollectedSteps.Counted);
        Assert.True(all >= 50, $"Only {all} collections.");
        Assert.True(inside * 20 <= all, $"{inside} of {all} collections fell into steps.");
    }

    [Fact]
    public async Task TrainingBesideConstantCollections_HasTheBitsOfOneWithout()
    {
        var (steps, collections) = await Run(CollectedSteps.Disturbed);
        Assert.True(steps >= 150 && collections >= 1000, $"{steps} steps, {collections} collections.");
    }

    private static async Task<(int First, int Second)> Run(string name)
    {
        string answer = await ChildProgram.Answer(BudgetOf4MB, ChildProgram.CollectCommand, name);
        int[] numbers = [.. answer.Split(' ').Select(number => int.Parse(number))];
        return (numbers[0], numbers[1]);
    }
}
