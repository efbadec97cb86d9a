using Microsoft.Extensions.Logging;

namespace VisionSeqModels.Data;

internal static partial class DataLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "{Title} is not in {Directory} yet: downloading")]
    public static partial void Downloading(ILogger logger, string title, string directory);
}
