using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies;

/// <summary>A study's folds divide sequences as they divide images.</summary>
[Collection("Torch")]
public sealed class SequenceFoldTests
{
    [Fact]
    public void Folds_OfSequences_HoldOutEachSequenceOnce_AndARepeatedStudyTrainsNothing()
    {
        using var folder = new TempFolder();
        var data = TinySequences.Create(24);
        var plan = StudyPlan.From(4).Vary("hidden size", [4, 6], (_, value) => value).OneAtATime().WithFolds(3, seed: 5);
        var held = new List<SequenceDataset>();
        StudyTrial Make(int size, long seed)
        {
            return new StudyTrial
            {
                Model = SequenceModels.Rnn(
                    new RecurrentOptions
                    {
                        InputSize = TinySequences.Features,
                        HiddenSize = size,
                        ClassCount = 2,
                        Seed = seed,
                    }
                ),
                Options = new TrainerOptions
                {
                    Epochs = 1,
                    BatchSize = 8,
                    Device = "cpu",
                },
                Callbacks =
                [
                    new TracingCallback([]) { At = "FitStart", Act = context => held.Add((SequenceDataset)context.Test!) },
                ],
            };
        }

        var study = Study.Run(folder["s"], plan, Make, new FitData { Train = data }, new StudyOptions { ParallelTrials = 1 });
        Assert.All(study.Trials, trial => Assert.Equal(StopReason.Completed, trial.Outcome));
        Assert.Equal(6, held.Count);
        Assert.Equal(24, held.Take(3).Sum(part => part.Count));
        Assert.Equal(Keys(data), held.Take(3).SelectMany(Keys).Order(StringComparer.Ordinal));

        int before = held.Count;
        Study.Run(folder["s"], plan, Make, new FitData { Train = data }, new StudyOptions { ParallelTrials = 1 });
        Assert.Equal(before, held.Count);
    }

    private static IEnumerable<string> Keys(SequenceDataset data) =>
        Enumerable
            .Range(0, data.Count)
            .Select(i => string.Join(' ', data.GetSequence(i).Cast<float>()))
            .Order(StringComparer.Ordinal);
}
