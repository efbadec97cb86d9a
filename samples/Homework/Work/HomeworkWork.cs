using TorchSharp;
using VisionSeqModels;
using VisionSeqModels.Samples;
using VisionSeqModels.Studies;

/// <summary>Does the homework: trains what the parts need, then draws the views. What is done already is not done
/// again.</summary>
internal sealed class HomeworkWork(SampleRun run, IReadOnlyList<string> parts, IReadOnlyList<long> seeds, string command)
{
    private readonly IReadOnlyList<StudyTask> _studies = Parts.Studies(parts, HomeworkSize.Of(run.Arguments));
    private readonly IReadOnlyList<View> _views = Views.Of(parts, seeds);

    private int AtOnce => run.ParallelTrials ?? run.Arguments.Threads ?? torch.get_num_threads();

    /// <summary>Does all that is not done.</summary>
    /// <returns>Why trials failed, a sentence each.</returns>
    public IReadOnlyList<string> Run()
    {
        using var data = new HomeworkData(run);
        var file = new HomeworkFile
        {
            Command = command,
            Parts = parts,
            Seeds = seeds,
            AtOnce = AtOnce,
        };
        var time = new TimeKeeper(run.RunDirectory, file.After(HomeworkFile.Read(run.RunDirectory)));
        var board = new Board(_studies, _views.Count, seeds.Count, time.SomethingIsDone);
        var failures = new List<string>();
        foreach (var task in _studies)
        {
            task.Data(data); // what is said of data stands above the board
        }

        board.Show(() =>
        {
            foreach (var task in _studies)
            {
                var study = task.Run(run, data, Options(board.Row(task)));
                run.CancellationToken.ThrowIfCancellationRequested();
                failures.AddRange(
                    from trial in study.Trials
                    where trial.Outcome == StopReason.Failed
                    select $"{task.Name}, {trial.Setting}, seed {trial.Seed}: {trial.Reason}"
                );
            }

            Draw(data, board);
        });
        return failures;
    }

    private StudyOptions Options(IProgress<StudyProgress> row) =>
        new()
        {
            Command = command,
            Seeds = seeds,
            ParallelTrials = AtOnce,
            ThreadsPerTrial = 1, // the same weights on any machine with the same processor
            Progress = row,
        };

    private void Draw(HomeworkData data, Board board)
    {
        var limit = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = run.CancellationToken };
        Parallel.ForEach(
            _views,
            limit,
            view =>
            {
                torch.set_num_threads(1);
                board.ViewDone(view, isNew: view.Run(run, data));
            }
        );
    }
}
