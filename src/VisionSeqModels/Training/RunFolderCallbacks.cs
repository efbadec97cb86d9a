namespace VisionSeqModels.Training;

/// <summary>The callbacks that fill a run folder, unless the user added one of the same type.</summary>
internal static class RunFolderCallbacks
{
    public static CallbackList Complete(IEnumerable<Callback> own, TrainerOptions options, int rank = 0)
    {
        List<Callback> all = [.. own.Where(callback => rank == 0 || callback.RunsOnAllRanks)];
        if (options is { RunDirectory: not null, DefaultCallbacks: true })
        {
            Callback[] standard =
            [
                new CsvLogger(),
                new JsonLinesLogger(),
                new RunRecorder(),
                new ModelCheckpoint(),
                new RunReportWriter(), // before those whose pictures it shows: the end comes in reverse
                new LearningCurvePlot(),
                new ConvolutionReport(),
                new TensorBoardLogger(),
            ];
            all.AddRange(standard.Where(callback => !own.Any(other => other.GetType() == callback.GetType())));
        }

        return new CallbackList(all);
    }
}
