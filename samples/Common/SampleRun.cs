using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Spectre.Console;
using TorchSharp;
using VisionSeqModels.Studies;
using VisionSeqModels.Torch;

namespace VisionSeqModels.Samples;

/// <summary>One run of a sample: what its command line says, its run folder, and what it prints at the end.</summary>
public sealed class SampleRun : IDisposable
{
    private readonly ILoggerFactory _loggers;
    private readonly SampleSettings _settings;
    private readonly WorkerProcesses _workers = new();

    internal SampleRun(ParseResult line, SampleArguments arguments, SampleSettings settings, CancellationToken cancellationToken)
    {
        Line = line;
        Arguments = arguments;
        CancellationToken = cancellationToken;
        _settings = settings;
        _loggers = LoggerFactory.Create(builder =>
            builder
                .AddSimpleConsole(console => console.SingleLine = true)
                .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace)
                .SetMinimumLevel(arguments.Verbose ? LogLevel.Debug : LogLevel.Warning)
        );
        Logger = _loggers.CreateLogger(settings.Name);
        RunDirectory = arguments.RunDirectory ?? settings.RunDirectory ?? VisionSeqModels.RunDirectory.New("runs", settings.Name);
        CheckFolder();
        TorchRuntime.EnsureAvailable();
        if (arguments.Threads is int threads)
        {
            torch.set_num_threads(threads);
        }
    }

    /// <summary>The command line as parsed, for a sample's own flags.</summary>
    public ParseResult Line { get; }

    /// <summary>The shared flags.</summary>
    public SampleArguments Arguments { get; }

    /// <summary>Cancelled by Ctrl+C.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>Where warnings go; everything with --verbose.</summary>
    public ILogger Logger { get; }

    /// <summary>The run folder.</summary>
    public string RunDirectory { get; }

    /// <summary>The size of the synthetic images, as <c>--train-limit</c> and <c>--test-limit</c> ask for.</summary>
    public SyntheticImagesOptions SyntheticImages
    {
        get
        {
            var standard = new SyntheticImagesOptions();
            return standard with
            {
                TrainCount = Arguments.TrainLimit ?? standard.TrainCount,
                TestCount = Arguments.TestLimit ?? standard.TestCount,
            };
        }
    }

    /// <summary>The sentence that says how to continue what was stopped.</summary>
    internal string HowToContinue =>
        $"To continue: {ContinueCommand.Of(RunDirectory, _settings.Continues || Line.GetValue(StudyFlags.Study))}";

    /// <summary>Whether a run is to be resumed rather than begun.</summary>
    /// <param name="folder">Its folder; null for the sample's run folder.</param>
    public bool Resumes(string? folder = null) =>
        (Arguments.Resume || _settings.Continues) && VisionSeqModels.RunDirectory.CanResume(folder ?? RunDirectory);

    /// <summary>The seeds that <c>--seeds</c> asks for, from <c>--seed</c> on.</summary>
    public IReadOnlyList<long> Seeds =>
        [.. Enumerable.Range(0, (int)(Line.GetValue(StudyFlags.Seeds) ?? 1)).Select(i => Arguments.Seed + i)];

    /// <summary>The trials at once that <c>--parallel</c> asks for; null for the study's choice.</summary>
    public int? ParallelTrials => (int?)Line.GetValue(StudyFlags.Parallel);

    /// <summary>The options of a study as the command line asks for them; with <c>--workers</c> it starts the other
    /// processes.</summary>
    /// <param name="question">What the study asks.</param>
    public StudyOptions StudyOptions(string question)
    {
        long? workers = Line.GetValue(StudyFlags.Workers);
        var ledger = StudyLedgerFlag.Open(Line.GetValue(StudyFlags.Ledger), workers, RunDirectory, _settings.Name);
        if (workers > 1 && !WorkerProcesses.IsOne)
        {
            int threads = Math.Max(1, torch.get_num_threads() / (int)workers.Value);
            torch.set_num_threads(threads);
            List<string> more = [];
            if (!Given("--threads"))
            {
                more.AddRange(["--threads", threads.ToString(CultureInfo.InvariantCulture)]);
            }

            if (!Given("--out"))
            {
                more.AddRange(["--out", RunDirectory]);
            }

            if (!Given("--ledger"))
            {
                more.AddRange(["--ledger", Path.Combine(RunDirectory, "ledger")]);
            }

            _workers.Start(workers.Value - 1, [.. more]);
        }

        return new StudyOptions
        {
            Question = question,
            Command = CommandText.OfThisProcess,
            Seeds = Seeds,
            ParallelTrials = ParallelTrials,
            Ledger = ledger,
            Progress = new StudyProgressReporter(Console.Out, live: !Console.IsOutputRedirected),
        };
    }

    private bool Given(string flag) =>
        Line
            .CommandResult.Children.OfType<System.CommandLine.Parsing.OptionResult>()
            .Any(option => option.Option.Name == flag && !option.Implicit);

    /// <summary>The path of a file in the run folder.</summary>
    public string In(string name) => Path.Combine(RunDirectory, name);

    /// <summary>Loads the data that <c>--data</c> asks for, and says what it is.</summary>
    /// <param name="load">Loads a data set, by its name for <c>--data</c>, from a folder (null for the per-user cache), with
    /// the limits that the command line asks for.</param>
    /// <param name="natural">The data set that <c>auto</c> looks for; null for the sample's own.</param>
    public ImageDatasets LoadData(Func<string, string?, DatasetOptions, ImageDatasets> load, string? natural = null) =>
        new DataChoice(Arguments, natural ?? _settings.NaturalData, Logger, CancellationToken).Load(load);

    /// <summary>What run.json says besides: the sample's name and the command.</summary>
    public JsonObject Facts() => new() { ["name"] = _settings.Name, ["command"] = CommandText.OfThisProcess };

    /// <summary>Says how the run ended and where its files are.</summary>
    /// <param name="history">The run.</param>
    /// <param name="folder">Its folder; null for the sample's run folder.</param>
    /// <returns>The exit code that goes with it.</returns>
    public int Report(TrainingHistory history, string? folder = null)
    {
        folder ??= RunDirectory;
        var last = history.Epochs.LastOrDefault(epoch => !epoch.IsPartial);
        if (last is not null)
        {
            AnsiConsole.Write(ResultTable.Of(history, last));
        }

        Console.WriteLine($"Run folder: {Path.GetFullPath(folder)}");
        switch (history.StopReason)
        {
            case StopReason.Cancelled:
                SampleProgram.Say(
                    $"Stopped in epoch {history.Epochs.Count}; weights and state so far are in "
                        + $"{Path.Combine(folder, "checkpoints")}. {HowToContinue}"
                );
                return ExitCode.Interrupted;
            case StopReason.NonFinite:
                SampleProgram.Say(history.StopMessage);
                return ExitCode.Failed;
            default:
                return ExitCode.Done;
        }
    }

    /// <summary>Says where the report of a study is.</summary>
    /// <returns>The exit code that goes with the study.</returns>
    public int Report(Study study)
    {
        ArgumentNullException.ThrowIfNull(study);
        study.WriteSummary(Console.Out);
        Console.WriteLine($"Report: {Path.GetFullPath(Path.Combine(study.Folder, "report.html"))}");
        if (CancellationToken.IsCancellationRequested)
        {
            SampleProgram.Say($"Stopped; the trials under way have saved their state. {HowToContinue}");
            return ExitCode.Interrupted;
        }

        return study.Trials.All(trial => trial.Outcome == StopReason.Failed) ? ExitCode.Failed : ExitCode.Done;
    }

    /// <summary>Before anything is loaded: nothing is overwritten, and what is to be continued is there.</summary>
    private void CheckFolder()
    {
        bool isTaken = RunFolder.IsTaken(RunDirectory),
            isStudy = Line.GetValue(StudyFlags.Study);
        if (isTaken && !Arguments.Resume && !_settings.Continues && !isStudy)
        {
            throw new IOException(
                $"The folder '{Path.GetFullPath(RunDirectory)}' already holds a run. Continue it with --resume, or give another "
                    + "--out."
            );
        }

        if (!isTaken && Arguments.Resume)
        {
            throw new IOException(
                $"The folder '{Path.GetFullPath(RunDirectory)}' holds no run to resume. Leave --resume out, or give the --out of "
                    + "one that was begun."
            );
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _workers.End(CancellationToken.IsCancellationRequested);
        _loggers.Dispose();
    }
}
