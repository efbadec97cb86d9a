using System.Globalization;
using VisionSeqModels.Data;

namespace VisionSeqModels.Samples;

/// <summary>Shows a download: one live line on a terminal, a line for each tenth where the output goes to a file.</summary>
internal sealed class DownloadLine : IProgress<DownloadProgress>, IDisposable
{
    private readonly bool _live = !Console.IsOutputRedirected;
    private string _shown = "";

    public void Report(DownloadProgress value)
    {
        const double megabyte = 1e6;
        double? fraction = value.TotalBytes is long total and > 0 ? (double)value.BytesReceived / total : null;
        string text = fraction is double done
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{value.FileName}: {(_live ? Math.Floor(done * 100) : Math.Floor(done * 10) * 10):f0} % of "
                    + $"{value.TotalBytes / megabyte:f1} MB"
            )
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{value.FileName}: {Math.Floor(value.BytesReceived / megabyte / 10) * 10:f0} MB"
            );
        if (text == _shown)
        {
            return;
        }

        Console.Write(_live ? '\r' + text.PadRight(_shown.Length) : text + Environment.NewLine);
        _shown = text;
    }

    public void Dispose()
    {
        if (_live && _shown.Length > 0)
        {
            Console.WriteLine();
        }
    }
}
