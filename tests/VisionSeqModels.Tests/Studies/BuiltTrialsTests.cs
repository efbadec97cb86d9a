using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies;

[Collection("Torch")]
public sealed class BuiltTrialsTests
{
    private static readonly TrialKey Key = new("a", 1, null);
    private readonly BuiltTrials _built = new();

    [Fact]
    public void TrialThatWasBuilt_IsTakenOnce_ThenBuiltAnew()
    {
        var first = Trial();
        Assert.Same(first, _built.Build(Key, () => first));
        Assert.Same(first, _built.Take(Key, () => throw new InvalidOperationException()));
        var second = Trial();
        Assert.Same(second, _built.Take(Key, () => second));
        Assert.Same(second, _built.Take(new TrialKey("b", 1, null), () => second));
        first.Model.Dispose();
        second.Model.Dispose();
    }

    [Fact]
    public void Failure_ComesWhenTheTrialsTurnHasCome_Once()
    {
        var failure = new InvalidOperationException("no model");
        Assert.Null(_built.Build(Key, () => throw failure));
        Assert.Same(failure, Assert.Throws<InvalidOperationException>(() => _built.Take(Key, Trial)));
        var trial = _built.Take(Key, Trial);
        trial.Model.Dispose();
    }

    [Fact]
    public void WhatIsDiscarded_IsDisposed_NotWhatWasTaken()
    {
        var (taken, left) = (Trial(), Trial());
        _built.Build(Key, () => taken);
        _built.Build(new TrialKey("b", 1, null), () => left);
        _built.Build(new TrialKey("c", 1, null), () => throw new InvalidOperationException());
        _built.Take(Key, Trial);
        _built.Discard();
        Assert.All(left.Model.parameters(), parameter => Assert.True(parameter.IsInvalid));
        Assert.All(taken.Model.parameters(), parameter => Assert.False(parameter.IsInvalid));
        var again = _built.Take(new TrialKey("b", 1, null), Trial);
        Assert.NotSame(left, again);
        taken.Model.Dispose();
        again.Model.Dispose();
    }

    private static StudyTrial Trial() =>
        new()
        {
            Model = TinyModel.Create(),
            Options = new TrainerOptions { Epochs = 1 },
        };
}
