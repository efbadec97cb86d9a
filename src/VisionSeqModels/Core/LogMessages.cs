using Microsoft.Extensions.Logging;

namespace VisionSeqModels.Core;

/// <summary>The messages that the library logs.</summary>
/// <remarks>They are in one class, because the source generator orders several classes differently in each build, which would
/// change the package's bytes.</remarks>
internal static partial class LogMessages
{
    [LoggerMessage(Level = LogLevel.Information, Message = "{Title} is not in {Directory} yet: downloading")]
    public static partial void Downloading(ILogger logger, string title, string directory);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Path} is left out: it {Reason}")]
    public static partial void FileSkipped(ILogger logger, string path, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The images of {Directory} are mapped from {File}")]
    public static partial void ImagesMapped(ILogger logger, string directory, string file);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Training {Model} on {Device}: {Samples} samples of {Source}, {Epochs} epochs, batch size "
            + "{BatchSize}, seed {Seed}, {Threads} threads"
    )]
    public static partial void FitStarted(
        ILogger logger,
        string model,
        string device,
        long? samples,
        string source,
        int epochs,
        int batchSize,
        long seed,
        int threads
    );

    [LoggerMessage(Level = LogLevel.Information, Message = "Epoch {Epoch}: {Metrics}")]
    public static partial void EpochDone(ILogger logger, int epoch, string metrics);

    [LoggerMessage(Level = LogLevel.Information, Message = "Training ended after {Seconds:f1} s: {Reason}. {Message}")]
    public static partial void FitDone(ILogger logger, double seconds, string reason, string? message);

    [LoggerMessage(Level = LogLevel.Information, Message = "Resuming the run in {Directory}: epoch {Epoch}, step {Step}")]
    public static partial void Resumed(ILogger logger, string directory, int epoch, long step);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The resumed run differs from the one that was begun, so its results may: {Change}"
    )]
    public static partial void ResumedDifferently(ILogger logger, string change);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The optimizer {Optimizer} cannot save its state, so this run cannot be resumed"
    )]
    public static partial void NoOptimizerState(ILogger logger, string optimizer);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "The optimizer {Optimizer} moves each parameter by itself, as libtorch's fused steps cannot be used: {Reason}"
    )]
    public static partial void NoFusedStep(ILogger logger, string optimizer, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Trainings} trainings run in this process, this one with {Threads} threads, on {Cores} cores: "
            + "threads that outnumber the cores wait for each other, and everything takes many times longer. "
            + "Call torch.set_num_threads with less in each thread that trains"
    )]
    public static partial void MoreThreadsThanCores(ILogger logger, int trainings, int threads, int cores);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A report failed, the training continues: {Reason}")]
    public static partial void ReportFailed(ILogger logger, string reason, Exception failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "A callback failed at the end of training")]
    public static partial void FitEndFailed(ILogger logger, Exception failure);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Message}")]
    public static partial void NoFonts(ILogger logger, string message);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "No installed font has the characters {Characters}, so boxes mark their places in pictures. "
            + "Install a font that has them, for example Debian's package fonts-noto-cjk or fonts-noto-color-emoji"
    )]
    public static partial void MissingGlyphs(ILogger logger, string characters);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The ledger {Ledger} cannot be reached, and is tried again: {Reason}")]
    public static partial void LedgerUnreachable(ILogger logger, string ledger, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The trial {Trial} has given no sign of life for {Seconds} s; its lease is not renewed, so another worker will "
            + "resume it"
    )]
    public static partial void TrialSilent(ILogger logger, string trial, double seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The trial {Trial} is left to other workers: {Reason}")]
    public static partial void TrialNotBegun(ILogger logger, string trial, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Message}")]
    public static partial void ClaimLost(ILogger logger, string message);
}
