using System.Globalization;
using VisionSeqModels.Core;

namespace VisionSeqModels.Studies;

/// <summary>A grid's heat maps as PNG, for Markdown.</summary>
internal static class GridPictures
{
    /// <summary>Draws all into a folder.</summary>
    /// <returns>Titles and file names.</returns>
    public static IReadOnlyList<(string Title, string File)> Write(StudyReport report, string folder)
    {
        string metric = $"final {DisplayText.Of(report.Summary.File.Monitor)}";
        var files = new List<(string, string)>();
        foreach (var (i, map) in report.Conclusion.Maps.Index())
        {
            string file = i == 0 ? "effects.png" : string.Create(CultureInfo.InvariantCulture, $"effects_{i + 1}.png");
            map.Draw(metric).SavePng(Path.Combine(folder, file));
            files.Add(($"{metric} by {map.RowFactor} and {map.ColumnFactor}", file));
        }

        return files;
    }
}
