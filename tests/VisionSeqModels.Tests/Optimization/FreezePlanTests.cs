using VisionSeqModels.Optimization;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Optimization;

/// <summary>Which parameters train in which epoch, and with which rates: the rules applied to names.</summary>
[Collection("Torch")]
public sealed class FreezePlanTests : IDisposable
{
    private const string All = "hidden.weight hidden.bias out.weight out.bias";

    private readonly nn.Module<Tensor, Tensor> _model = TinyModel.Create();

    public void Dispose() => _model.Dispose();

    [Fact]
    public void Phases_AreInTheOrderOfEpochs_NotOfRules()
    {
        var plan = Plan(new Unfreeze("hidden") { FromEpoch = 3 }, new Freeze("hidden"));
        Assert.Equal(["1: out.weight out.bias", $"3: {All}"], Phases(plan));
        Assert.Equal([1, 1, 3, 3], new[] { 1, 2, 3, 9 }.Select(epoch => plan.At(epoch).FromEpoch));
        Assert.Same(plan.Phases[0], plan.At(0));
    }

    [Fact]
    public void PhaseWithoutRules_ComesFirst_WhereTheyBeginLater() =>
        Assert.Equal(
            [$"1: {All}", "2: hidden.bias out.weight out.bias", "4: hidden.bias out.weight"],
            Phases(Plan(new Freeze("hidden.weight") { FromEpoch = 2 }, new Freeze("out.bias") { FromEpoch = 4 }))
        );

    [Fact]
    public void RulesOfOneEpoch_ApplyInTheirOrder() =>
        Assert.Equal(
            ["1: hidden.weight out.weight out.bias"],
            Phases(Plan(new Freeze("hidden"), new Freeze("hidden.weight"), new Unfreeze("hidden.weight")))
        );

    [Fact]
    public void Names_AreTouchedByRules_AndTrainInSomePhase()
    {
        var plan = Plan(new Freeze("hidden"), new Freeze("out.bias") { FromEpoch = 2 }, new Unfreeze("*.bias") { FromEpoch = 3 });
        Assert.Equal("hidden.weight hidden.bias out.bias", Chosen(plan.Touches));
        Assert.Equal("hidden.bias out.weight out.bias", Chosen(plan.EverTrains));
    }

    [Fact]
    public void Rates_AreThoseOfEachPhase_AndEndWithAFreeze()
    {
        var plan = Plan(
            new Freeze("hidden"),
            new Unfreeze("hidden.weight") { FromEpoch = 2, LearningRate = 0.01 },
            new Unfreeze("hidden") { FromEpoch = 3, LearningRate = 0.02 },
            new Freeze("hidden") { FromEpoch = 4 },
            new Unfreeze("hidden") { FromEpoch = 5 }
        );
        Assert.Equal("-;0.01;0.01;-;-", plan.RatesOf("hidden.weight"));
        Assert.Equal("-;-;0.02;-;-", plan.RatesOf("hidden.bias"));
        Assert.Equal("", plan.RatesOf("out.weight"));
        Assert.Equal("", Plan(new Freeze("hidden"), new Unfreeze("hidden") { FromEpoch = 2 }).RatesOf("hidden.weight"));
    }

    [Fact]
    public void RuleThatFitsNothing_IsRefused() =>
        Refused(
            "The Freeze of 'fc' from epoch 1 on fits no parameter. There are: "
                + "hidden.weight, hidden.bias, out.weight, out.bias.",
            new Freeze("fc")
        );

    [Fact]
    public void UnfreezeOfWhatTrains_IsRefused() =>
        Refused(
            "The Unfreeze of 'out' from epoch 2 on finds no frozen parameter: out.weight, out.bias train already. Freeze them "
                + "first, or give them a learning rate of their own in a ParameterGroup.",
            new Freeze("hidden"),
            new Unfreeze("out") { FromEpoch = 2 }
        );

    [Fact]
    public void RulesThatLeaveNothingToTrain_AreRefused_AlsoWhereANormalisationTrains()
    {
        const string Message =
            "TrainerOptions.Freezing leaves no parameter to train from epoch 2 on. Let Freeze leave some out, or add an Unfreeze "
            + "from that epoch.";
        Refused(Message, new Freeze("hidden"), new Freeze("out") { FromEpoch = 2 });
        using var mean = zeros(2);
        NamedParameter[] parameters = [.. NamedParameter.Of(_model), new("norm.running_mean", mean, _model)];
        var names = parameters.Select(parameter => parameter.Name).ToHashSet();
        FreezeRule[] rules = [new Freeze("hidden"), new Freeze("out") { FromEpoch = 2 }];
        Assert.Equal(Message, Assert.Throws<ArgumentException>(() => new FreezePlan(rules, parameters, names)).Message);
    }

    [Fact]
    public void SecondFreeze_ChangesNothing() =>
        Assert.Equal(
            ["1: out.weight out.bias", "2: out.weight out.bias"],
            Phases(Plan(new Freeze("hidden"), new Freeze("hidden") { FromEpoch = 2 }))
        );

    private void Refused(string message, params FreezeRule[] rules) =>
        Assert.Equal(message, Assert.Throws<ArgumentException>(() => Plan(rules)).Message);

    private FreezePlan Plan(params FreezeRule[] rules) => new(rules, NamedParameter.Of(_model), All.Split(' ').ToHashSet());

    private string Chosen(Func<string, bool> chooses) => string.Join(' ', All.Split(' ').Where(chooses));

    private IEnumerable<string> Phases(FreezePlan plan) =>
        plan.Phases.Select(phase => $"{phase.FromEpoch}: {Chosen(phase.Trains)}");
}
