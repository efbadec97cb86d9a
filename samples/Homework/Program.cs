// The whole homework in one folder: parts 1b, 1c, 2, 3a, 3b and 3c as studies and runs, and the document made of them.
using System.CommandLine;
using VisionSeqModels.Samples;

var settings = new SampleSettings
{
    Name = "homework",
    Description =
        "Does the whole homework in one folder: its studies, its pictures, and report.html and report.md. The same command "
        + "resumes it.",
    RunDirectory = Path.Combine("runs", "homework"),
    Continues = true,
    Unused = ["--optimizer", "--momentum"], // each study has its own
    QuickTrainLimit = 500,
    QuickTestLimit = 100,
    QuickEpochs = 8,
    QuickLearningRate = 0.01,
};
var parts = Flag.Text("--parts", "LIST", $"Some of the parts {string.Join(',', Parts.Names)} (default: all)");

var document = new Option<bool>("--document")
{
    Description = "Write the document again from what the folder has, and train nothing",
};
var seeds = Flag.Count("--seeds", "Seeds of each setting, from --seed on (default 3; with --quick 1)", minimum: 1);

return SampleProgram.Run(args, settings, Do, parts, seeds, document, StudyFlags.Parallel);

int Do(SampleRun run)
{
    if (run.Line.GetValue(document))
    {
        return Write(run, failures: 0);
    }

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

    int count = (int)(run.Line.GetValue(seeds) ?? (run.Arguments.Quick ? 1 : 3));
    long[] each = [.. Enumerable.Range(0, count).Select(i => run.Arguments.Seed + i)];
    try
    {
        var failures = new HomeworkWork(run, chosen, each, HomeworkCommand.Of(args)).Run();
        failures.ToList().ForEach(Console.Error.WriteLine);
        return Write(run, failures.Count);
    }
    catch (OperationCanceledException) when (run.CancellationToken.IsCancellationRequested)
    {
        Console.Error.WriteLine($"Stopped; what is done is saved. This continues it: {CommandText.OfThisProcess}");
        return ExitCode.Interrupted;
    }
}

int Write(SampleRun run, int failures)
{
    HomeworkDocument.Write(run.RunDirectory);
    Console.WriteLine($"Report: {Path.GetFullPath(run.In("report.html"))}");
    return failures == 0 ? ExitCode.Done : ExitCode.Failed;
}
