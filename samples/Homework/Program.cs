// The whole homework in one folder: parts 1b, 1c, 2, 3a, 3b and 3c as studies and runs, and the document made of them.
using VisionSeqModels.Samples;

var settings = new SampleSettings
{
    Name = "homework",
    Description =
        "Does the whole homework in one folder: its studies, its pictures, and report.html and report.md. The same command "
        + "resumes it.",
    RunDirectory = Path.Combine("runs", "homework"),
    QuickTrainLimit = 256,
    QuickTestLimit = 100,
};
var parts = Flag.Text("--parts", "LIST", $"Some of the parts {string.Join(',', Parts.Names)} (default: all)");

var seeds = Flag.Count("--seeds", "Seeds of each setting, from --seed on (default 3; with --quick 2)", minimum: 1);

return SampleProgram.Run(args, settings, Do, parts, seeds, StudyFlags.Parallel);

int Do(SampleRun run)
{
    string[] chosen = run.Line.GetValue(parts)?.Split(',', StringSplitOptions.TrimEntries) ?? Parts.Names;
    if (chosen.Except(Parts.Names).FirstOrDefault() is string unknown)
    {
        Console.Error.WriteLine($"--parts must be some of {string.Join(',', Parts.Names)}, but has '{unknown}'. See --help.");
        return ExitCode.BadArguments;
    }

    if (run.Arguments.Data is not ("auto" or "synthetic"))
    {
        Console.Error.WriteLine(
            $"--data must be auto (CIFAR-10 and MNIST) or synthetic here, but is '{run.Arguments.Data}'. See --help."
        );
        return ExitCode.BadArguments;
    }

    int count = (int)(run.Line.GetValue(seeds) ?? (run.Arguments.Quick ? 2 : 3));
    long[] each = [.. Enumerable.Range(0, count).Select(i => run.Arguments.Seed + i)];
    var failures = new HomeworkWork(run, chosen, each, HomeworkCommand.Of(args)).Run();
    foreach (string failure in failures)
    {
        Console.Error.WriteLine(failure);
    }

    Console.WriteLine($"Folder: {Path.GetFullPath(run.RunDirectory)}");
    return failures.Count == 0 ? ExitCode.Done : ExitCode.Failed;
}
