using System.Globalization;
using VisionSeqModels.Studies;

/// <summary>What was trained, on what, and how long it took.</summary>
internal static class Overview
{
    public static string Title(HomeworkFolder folder)
    {
        string[] data = [.. Sources(folder).Select(source => source.Name).Distinct()];
        return Phrases.DataNames($"Homework: image and sequence models on {Phrases.List(data)}");
    }

    public static IEnumerable<Block> Of(HomeworkFolder folder)
    {
        var studies = Parts.StudiesOf(folder.File.Parts).Select(folder.Study).ToList();
        int trials = studies.Sum(study => study.Trials.Count),
            ended = studies.Sum(study => study.Trials.Count(trial => trial.Score is not null));
        yield return new Block.Paragraph(
            $"Parts {string.Join(", ", folder.File.Parts)}. Every setting is trained with the seeds "
                + $"{string.Join(", ", folder.File.Seeds)}; ± is the standard deviation over them. {ended} of {trials} trials "
                + "ended well. Curves are means over the seeds. All numbers, pictures and conclusions here are computed from the "
                + "run folders."
        );
        yield return new Block.Table(
            ["data", "training images", "test images", "channels × height × width"],
            [
                .. Sources(folder)
                    .DistinctBy(source => source.Name + source.Size)
                    .Select(source => (string[])[Phrases.DataNames(source.Name), source.Train, source.Test, source.Size]),
            ]
        );
        yield return new Block.Code(folder.File.Command);
    }

    /// <summary>The end of the document: how long each study trained.</summary>
    public static IEnumerable<Block> Time(HomeworkFolder folder)
    {
        yield return new Block.Heading("Time");
        yield return new Block.Paragraph(
            $"Trials and pictures took {Duration(folder.File.Seconds)}, {AtOnce(folder.File.AtOnce)}. "
                + "Some studies have fewer epochs than others, to keep the whole short."
        );
        yield return new Block.Table(
            ["study", "folder", "epochs", "trials", "time of all trials", "time of the longest"],
            [.. Parts.StudiesOf(folder.File.Parts).Select(name => Row(name, folder.Study(name)))]
        );
    }

    private static string AtOnce(int trials) =>
        trials == 1 ? "one after the other with one thread" : $"{trials} trials at once with a thread each";

    private static string[] Row(string name, Study study)
    {
        double[] seconds = [.. study.Trials.Select(trial => trial.History?.Seconds ?? 0)];
        var epochs = study.Trials.Select(trial => trial.Final?.Epoch ?? 0).Distinct().Order();
        return
        [
            Phrases.DataNames(study.Question.Split(':')[0]),
            name,
            string.Join(", ", epochs),
            study.Trials.Count.ToString(CultureInfo.InvariantCulture),
            Duration(seconds.Sum()),
            Duration(seconds.Max()),
        ];
    }

    private static string Duration(double seconds) =>
        seconds < 120
            ? FormattableString.Invariant($"{seconds:f1} s")
            : FormattableString.Invariant($"{TimeSpan.FromSeconds(seconds).TotalMinutes:f1} min");

    private static IEnumerable<(string Name, string Train, string Test, string Size)> Sources(HomeworkFolder folder) =>
        from name in Parts.StudiesOf(folder.File.Parts)
        let trial = folder.Study(name).Trials.FirstOrDefault(trial => trial.Score is not null)
        where trial is not null
        let data = folder.Data(name, trial)
        select (
            (string)data["source"]!,
            Phrases.Count((int)data["train_samples"]!),
            Phrases.Count((int)data["test_samples"]!),
            string.Join(" × ", data["image_shape"]!.AsArray().Select(side => (int)side!))
        );
}
