using VisionSeqModels.Torch;

namespace VisionSeqModels.Tests.Kernels;

/// <summary>No failure in a backward pass ends the process: each is a caught exception. Each runs in a process of its
/// own.</summary>
public sealed class BackwardFaultTests
{
    private const string Changed = "modified by an inplace operation";

    public static TheoryData<string, bool> InjectionsByHand
    {
        get
        {
            var data = new TheoryData<string, bool>();
            foreach (string function in Injection.Functions)
            {
                data.Add(function, false);
                data.Add(function, true);
            }

            return data;
        }
    }

    public static TheoryData<string> Models => [.. FaultyModels.Names];

    public static TheoryData<string> Ways => [.. BackwardFaults.WayNames];

    [Fact]
    public void EveryAutogradFunction_IsGuarded_AndInjected()
    {
        Type[] types = [.. typeof(Trainer).Assembly.GetTypes().Where(type => !type.IsAbstract && Is(type, "Function`1"))];
        Assert.Equal(Injection.Functions.Order(), types.Select(type => type.Name).Order());
        Assert.All(types, type => Assert.True(Is(type, typeof(GuardedFunction<>).Name), type.Name));
    }

    [Theory]
    [MemberData(nameof(InjectionsByHand))]
    public async Task ThrowAtEachPlaceOfABackwardPass_IsKeptAndCaught(string function, bool createsGraph)
    {
        int places = int.Parse(await ChildProgram.Answer(ChildProgram.InjectCommand, function, createsGraph.ToString()));
        bool isShort = createsGraph || function == "RuledRelu"; // it takes no memory of its own
        Assert.True(places >= (isShort ? 4 : 7), $"Only {places} places threw.");
    }

    [Theory]
    [MemberData(nameof(Models))]
    public async Task ThrowAtEachPlaceOfATrainingsBackwardPass_IsTheMessageOfTheStep(string model)
    {
        int places = int.Parse(await ChildProgram.Answer(ChildProgram.InjectCommand, model));
        Assert.True(places >= 7, $"Only {places} places threw.");
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task FaultAroundABackwardPass_EndsNoProcess(string way)
    {
        if (BackwardFaults.IsOfTheSystem(way) && !OperatingSystem.IsLinux())
        {
            return; // the limit is that system's
        }

        string[] lines = (await ChildProgram.Answer(ChildProgram.FaultCommand, way)).Split('\n');
        Assert.Equal(2 * FaultyModels.Names.Count(), lines.Length);
        Assert.All(lines, line => Check(way, line));
    }

    private static void Check(string way, string line)
    {
        bool isTrainer = line.StartsWith(BackwardFaults.ByTrainer, StringComparison.Ordinal);
        string expected = way switch
        {
            "many threads" or "more threads in backward" or "no gradient arrives" => BackwardFaults.Finished,
            "no memory" or "no memory of the system" or "no memory of the system for a graph" => "can't allocate memory",
            "model disposed" => isTrainer ? "TrainingStepException" : BackwardFaults.Finished,
            "model moved" => "", // an exception or none: what a module does with its tensors is TorchSharp's
            _ => Changed,
        };
        Assert.Contains(expected, line, StringComparison.Ordinal);
        if (isTrainer && way != "model moved" && !line.EndsWith(BackwardFaults.Finished, StringComparison.Ordinal))
        {
            Assert.Contains(": TrainingStepException: ", line, StringComparison.Ordinal);
            Assert.Contains("epoch 1", line, StringComparison.Ordinal);
        }
    }

    private static bool Is(Type type, string ancestor)
    {
        for (var at = type.BaseType; at is not null; at = at.BaseType)
        {
            if (at.Name == ancestor)
            {
                return true;
            }
        }

        return false;
    }
}
