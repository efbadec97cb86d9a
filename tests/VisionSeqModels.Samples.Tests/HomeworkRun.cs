namespace VisionSeqModels.Tests;

/// <summary>One uninterrupted quick run of the homework.</summary>
public sealed class HomeworkRun : IDisposable
{
    public HomeworkRun() => Sample.Run("Homework", Folder, Arguments(Folder["homework"])).AssertDone();

    private static string AtOnce => Environment.ProcessorCount > 1 ? "2" : "1"; // more than cores are warned of

    internal TempFolder Folder { get; } = new();

    public string this[string file] => Path.Combine(Folder["homework"], file);

    public static string[] Arguments(string folder) => ["--quick", "--data", "synthetic", "--parallel", AtOnce, "--out", folder];

    public void Dispose() => Folder.Dispose();
}
