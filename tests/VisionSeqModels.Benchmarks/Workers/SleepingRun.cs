using System.CommandLine;
using System.Globalization;

namespace VisionSeqModels.Benchmarks.Workers;

/// <summary>A worker of a <see cref="SleepingStudy"/> as a process; hidden, since <c>workers</c> starts it.</summary>
internal static class SleepingRun
{
    public static Command Create()
    {
        var place = new Argument<string>("place");
        var study = new Argument<string>("study");
        var trials = new Argument<int>("trials");
        var epochs = new Argument<int>("epochs");
        var seconds = new Argument<string>("seconds");
        var bytes = new Argument<int>("bytes");
        var begin = new Argument<long>("begin");
        var worker = new Argument<int>("worker");
        var command = new Command("sleeping-run") { place, study, trials, epochs, seconds, bytes, begin, worker };
        command.Hidden = true;
        command.SetAction(line =>
        {
            double epoch = double.Parse(line.GetValue(seconds)!, CultureInfo.InvariantCulture);
            double took = SleepingStudy.Work(
                new LedgerKind(line.GetValue(place)!).Open(line.GetValue(study)!),
                [.. Enumerable.Range(0, line.GetValue(trials)).Select(i => $"trial{i:00000}")],
                new StudyLoad(0, line.GetValue(epochs), epoch, 0, 15, 0),
                line.GetValue(bytes),
                DateTimeOffset.FromUnixTimeMilliseconds(line.GetValue(begin)),
                line.GetValue(worker)
            );
            Console.WriteLine(took.ToString("r", CultureInfo.InvariantCulture));
        });
        return command;
    }
}
