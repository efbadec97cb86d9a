using System.CommandLine;
using Microsoft.Extensions.Logging;
using Spectre.Console;
using TorchSharp;
using VisionSeqModels.Studies;
using VisionSeqModels.Torch;

namespace VisionSeqModels.Samples;

/// <summary>One run of a sample: its arguments, its run folder, and what every sample does the same way.</summary>
public sealed class SampleRun : IDisposable
{
    private readonly ILoggerFactory _loggers;
    private readonly SampleSettings _settings;

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

    /// <summary>Loads the data that --data asks for, and says what it is.</summary>
    public ImageDatasets LoadData() => new DataChoice(Arguments, _settings, Logger, CancellationToken).Load();

    /// <summary>The optimizer that --optimizer, --lr and --momentum ask for.</summary>
    public OptimizerOptions Optimizer() =>
        Arguments.Optimizer == "sgd"
            ? new SgdOptions { LearningRate = Arguments.LearningRate, Momentum = Arguments.Momentum }
            : new AdamOptions { LearningRate = Arguments.LearningRate };

    /// <summary>A trainer with the options of the command line, a progress line, and the run folder's files.</summary>
    /// <param name="adjust">Changes options that the command line has no flag for; null for nothing.</param>
    public Trainer CreateTrainer(Func<TrainerOptions, TrainerOptions>? adjust = null) =>
        new(adjust is null ? TrainerOptions() : adjust(TrainerOptions()), Logger) { Callbacks = { Progress(), Record() } };

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
                Console.Error.WriteLine(
                    $"Stopped in epoch {history.Epochs.Count}; weights and state so far are in "
                        + $"{Path.Combine(folder, "checkpoints")}, and Trainer.Resume goes on from there."
                );
                return ExitCode.Interrupted;
            case StopReason.NonFinite:
                Console.Error.WriteLine(history.StopMessage);
                return ExitCode.Failed;
            default:
                return ExitCode.Done;
        }
    }

    /// <summary>Compares settings in the run folder, goes on with what is there already, and writes the report.</summary>
    /// <param name="question">What the study asks.</param>
    /// <param name="plan">The settings.</param>
    /// <param name="make">Makes of a setting and a seed the model and the way to train it.</param>
    /// <param name="data">The data.</param>
    /// <returns>The exit code.</returns>
    public int Compare<TSetting>(
        string question,
        StudyPlan<TSetting> plan,
        Func<TSetting, long, StudyTrial> make,
        ImageDatasets data
    )
    {
        ArgumentNullException.ThrowIfNull(data);
        var options = new StudyOptions
        {
            Question = question,
            Command = CommandText.OfThisProcess,
            Seeds = [.. Enumerable.Range(0, (int)(Line.GetValue(StudyFlags.Seeds) ?? 1)).Select(i => Arguments.Seed + i)],
            ParallelTrials = (int?)Line.GetValue(StudyFlags.Parallel),
            Progress = new StudyProgressReporter(Console.Out, live: !Console.IsOutputRedirected),
        };
        var study = Study.Run(
            RunDirectory,
            plan,
            make,
            new FitData { Train = data.Train, Test = data.Test },
            options,
            Logger,
            CancellationToken
        );
        study.WriteReport();
        Console.WriteLine($"Report: {Path.GetFullPath(Path.Combine(RunDirectory, "report.html"))}");
        return CancellationToken.IsCancellationRequested ? ExitCode.Interrupted
            : study.Rows.All(row => row.Outcome == StopReason.Failed) ? ExitCode.Failed
            : ExitCode.Done;
    }

    /// <inheritdoc/>
    public void Dispose() => _loggers.Dispose();

    private TrainerOptions TrainerOptions() =>
        new()
        {
            Epochs = Arguments.Epochs,
            BatchSize = Arguments.BatchSize,
            Optimizer = Optimizer(),
            Seed = Arguments.Seed,
            Device = Arguments.Device,
            RunDirectory = RunDirectory,
        };

    private static ProgressReporter Progress() => new(Console.Out, live: !Console.IsOutputRedirected);

    private RunRecorder Record() =>
        new()
        {
            Extra = new() { ["name"] = _settings.Name, ["command"] = CommandText.OfThisProcess },
        };
}
