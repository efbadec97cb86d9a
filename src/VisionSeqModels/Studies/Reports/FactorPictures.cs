using System.Globalization;
using VisionSeqModels.Core;

namespace VisionSeqModels.Studies;

/// <summary>What shows the factors together as PNG, for Markdown: a grid's heat maps, a search's lines.</summary>
internal static class FactorPictures
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

        if (report.Conclusion.Coordinates is ParallelCoordinates search)
        {
            ParallelPicture.Draw(search).SavePng(Path.Combine(folder, "coordinates.png"));
            files.Add((ParallelCoordinates.Caption, "coordinates.png"));
        }

        return files;
    }
}
