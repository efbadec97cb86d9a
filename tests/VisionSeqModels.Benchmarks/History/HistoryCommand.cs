using System.CommandLine;

namespace VisionSeqModels.Benchmarks.History;

/// <summary>Draws the history that <c>interleave --history</c> writes.</summary>
internal static class HistoryCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("file") { Description = "The history: a line of JSON a measured commit" };
        var picture = new Option<string>("--out") { Description = "The picture, a PNG file", Required = true };
        var threads = new Option<int>("--threads") { Description = "Times with so many threads", DefaultValueFactory = _ => 2 };
        var command = new Command("history", "Draws the ratios of the commits that were measured") { file, picture, threads };
        command.SetAction(line =>
        {
            var entries = HistoryFile.Read(line.GetValue(file)!);
            if (!entries.Any(entry => entry.Results.Any(result => result.Threads == line.GetValue(threads))))
            {
                Console.Error.WriteLine($"'{line.GetValue(file)}' has no line of {line.GetValue(threads)} threads.");
                return 1;
            }

            HistoryChart.Draw(entries, line.GetValue(threads)).SavePng(line.GetValue(picture)!);
            return 0;
        });
        return command;
    }
}
