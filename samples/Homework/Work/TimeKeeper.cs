using System.Diagnostics;

/// <summary>Adds the time that the work takes to homework.json, whenever some of it is done.</summary>
internal sealed class TimeKeeper
{
    private readonly Lock _own = new();
    private readonly string _folder;
    private HomeworkFile _file;
    private long _last = Stopwatch.GetTimestamp();

    public TimeKeeper(string folder, HomeworkFile file)
    {
        (_folder, _file) = (folder, file);
        file.Write(folder);
    }

    public void SomethingIsDone()
    {
        lock (_own)
        {
            _file = _file with { Seconds = Math.Round(_file.Seconds + Stopwatch.GetElapsedTime(_last).TotalSeconds, 1) };
            _last = Stopwatch.GetTimestamp();
            _file.Write(_folder);
        }
    }
}
