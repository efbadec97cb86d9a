namespace VisionSeqModels.Tests.Faults;

/// <summary>A disk whose calls are steps of a schedule. Now and then a thread sleeps before its call, for longer than half a
/// lease.</summary>
internal class ScheduledDisk(string folder, ControlledSchedule schedule, int seed, bool sleeps = false)
    : SimulatedDisk(folder, DiskImage.Empty)
{
    private readonly Random _random = new(seed);

    protected override void Before(DiskCall call)
    {
        schedule.Step();
        if (sleeps && _random.Next(50) == 0)
        {
            Pass(TimeSpan.FromSeconds(45));
        }
    }

    /// <summary>A step in the middle of a call.</summary>
    protected void Pause() => schedule.Step();
}

/// <summary>As if the library looked whether a folder's name is taken, and then renamed onto it.</summary>
internal sealed class DiskWithRacyRenames(string folder, ControlledSchedule schedule, int seed)
    : ScheduledDisk(folder, schedule, seed)
{
    public override void RenameFolder(string path, string target)
    {
        if (Directory.Exists(target))
        {
            throw new IOException($"'{target}' is there.");
        }

        Pause();
        if (Directory.Exists(target))
        {
            DeleteFolder(target, recursive: true);
        }

        base.RenameFolder(path, target);
    }
}
