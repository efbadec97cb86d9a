using System.CommandLine;
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

    /// <summary>The seeds that <c>--seeds</c> asks for, from <c>--seed</c> on.</summary>
    public IReadOnlyList<long> Seeds =>
        [.. Enumerable.Range(0, (int)(Line.GetValue(StudyFlags.Seeds) ?? 1)).Select(i => Arguments.Seed + i)];

    /// <summary>The trials at once that <c>--parallel</c> asks for; null for the study's choice.</summary>
    public int? ParallelTrials => (int?)Line.GetValue(StudyFlags.Parallel);

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
                        + $"{Path.Combine(folder, "checkpoints")}, and Trainer.Resume continues from there."
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
        Console.WriteLine($"Report: {Path.GetFullPath(Path.Combine(study.Folder, "report.html"))}");
        return CancellationToken.IsCancellationRequested ? ExitCode.Interrupted
            : study.Trials.All(trial => trial.Outcome == StopReason.Failed) ? ExitCode.Failed
            : ExitCode.Done;
    }

    /// <inheritdoc/>
    public void Dispose() => _loggers.Dispose();
}
