using System.CommandLine;
using System.Runtime.InteropServices;

namespace VisionSeqModels.Samples;

/// <summary>Runs a sample: reads the command line, listens to Ctrl+C, and turns what goes wrong into one sentence and an
/// exit code.</summary>
public static class SampleProgram
{
    /// <summary>Runs a sample.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="settings">The sample's name and defaults.</param>
    /// <param name="body">The sample's own work; it returns the exit code.</param>
    /// <param name="flags">Flags of this sample alone; the body reads them from <see cref="SampleRun.Line"/>.</param>
    public static int Run(string[] args, SampleSettings settings, Func<SampleRun, int> body, params Option[] flags)
    {
        Console.SetOut(new CheckedOutput(Console.Out));
        var common = new SampleFlags(settings);
        var command = new RootCommand(settings.Description);
        foreach (var flag in common.Taken.Concat(flags))
        {
            command.Options.Add(flag);
        }

        command.SetAction(line => RunBody(line, new SampleArguments(line, common, settings), settings, body));
        var parsed = command.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0)
        {
            string? unused = common.Unused.FirstOrDefault(flag => args.Any(text => text.Split('=')[0] == flag));
            Say(
                unused is null
                    ? $"{string.Join(' ', parsed.Errors.Select(error => error.Message).Distinct())} See --help."
                    : $"{unused} is not used by this sample. See --help."
            );
            return ExitCode.BadArguments;
        }

        bool asksForHelp = parsed.Action is not null && parsed.Action != command.Action;
        if (!asksForHelp && new SampleLine(parsed, common, settings).Fault() is string fault)
        {
            Say($"{fault} See --help.");
            return ExitCode.BadArguments;
        }

        try
        {
            int code = parsed.Invoke(
                new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }
            );
            Console.Out.Flush();
            return code;
        }
        catch (IOException e) // of --help
        {
            Say(e.Message);
            return ExitCode.Failed;
        }
    }

    /// <summary>Writes to standard error, as far as that can be written to; the exit code says the rest.</summary>
    internal static void Say(string? message)
    {
        try
        {
            Console.Error.WriteLine(message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Closed or full: nobody is there to read.
        }
    }

    private static int RunBody(ParseResult line, SampleArguments arguments, SampleSettings settings, Func<SampleRun, int> body)
    {
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        WorkerProcesses.WatchParent(stop);
        SampleRun? run = null;
        try
        {
            run = new SampleRun(line, arguments, settings, stop.Token);
            return body(run);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            Say(run is null ? "Stopped." : $"Stopped. {run.HowToContinue}");
            return ExitCode.Interrupted;
        }
        catch (Exception e)
        {
            Say(arguments.Verbose ? e.ToString() : e.Message);
            return ExitCode.Failed;
        }
        finally
        {
            run?.Dispose();
        }

        void Stop(PosixSignalContext context)
        {
            context.Cancel = !stop.IsCancellationRequested; // the second Ctrl+C ends the process at once
            stop.Cancel();
        }
    }
}
