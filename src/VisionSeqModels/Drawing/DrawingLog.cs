using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace VisionSeqModels.Drawing;

/// <summary>Which logger the pictures that are drawn here and now report to: that of whoever draws them, such as a fit, or
/// else <see cref="SkiaRuntime.Logger"/>. Fits that run side by side have each their own.</summary>
internal static class DrawingLog
{
    private static readonly AsyncLocal<ILogger?> Own = new();

    public static ILogger Current => Own.Value ?? SkiaRuntime.Logger;

    /// <summary>Takes this logger, unless it is the silent one, until the result is disposed.</summary>
    public static IDisposable To(ILogger logger)
    {
        var before = new Before(Own.Value);
        Own.Value = ReferenceEquals(logger, NullLogger.Instance) ? Own.Value : logger;
        return before;
    }

    private sealed class Before(ILogger? logger) : IDisposable
    {
        public void Dispose() => Own.Value = logger;
    }
}
