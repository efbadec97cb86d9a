using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies;

[Collection("Torch")]
public sealed class TrialFactoryTests : TinyDataTests
{
    private readonly List<string> _built = [];

    [Fact]
    public void Metrics_AreThoseOfTheFirstTrialThatCanBeBuilt()
    {
        var factory = Of(null);
        var metrics = factory.Metrics([One("bad"), One("sound"), One("later")]);
        Assert.Equal(["train_loss", "train_accuracy", "test_loss", "test_accuracy"], metrics!.Names);
        Assert.Equal(["bad", "sound"], _built);
        var trial = factory.Take(One("sound").Setting, One("sound").Key);
        Assert.Equal(2, _built.Count); // it was built before
        trial.Model.Dispose();
        factory.Discard();
        Assert.Null(factory.Metrics([One("bad")]));
    }

    [Fact]
    public void Options_HaveTheTrialsSeed_AndTheEpochsOfHalving()
    {
        var trial = Of(null).Take(One("a").Setting, One("a").Key);
        using var model = trial.Model;
        Assert.Equal((7, 2), (Of(null).OptionsOf(trial, 7).Seed, Of(null).OptionsOf(trial, 7).Epochs));
        Assert.Equal(9, Of(new SuccessiveHalvingOptions { MaximumEpochs = 9 }).OptionsOf(trial, 7).Epochs);
    }

    private TrialFactory<string> Of(SuccessiveHalvingOptions? halving) =>
        new(
            (name, _) =>
            {
                _built.Add(name);
                return name == "bad"
                    ? throw new InvalidOperationException()
                    : new StudyTrial
                    {
                        Model = TinyModel.Create(),
                        Options = new TrainerOptions { Epochs = 2 },
                    };
            },
            new FitData { Train = Tiny, Test = Tiny },
            null,
            new StudyOptions { Halving = halving }
        );

    private static (StudySetting<string> Setting, TrialKey Key) One(string name) =>
        (new StudySetting<string>(name, name, MadeUpTrials.Factors(("name", name))), new TrialKey(name, 1, null));
}
