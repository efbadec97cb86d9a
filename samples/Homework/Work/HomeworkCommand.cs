/// <summary>The command of the homework as it can be typed on any machine.</summary>
internal static class HomeworkCommand
{
    private const string Start = "dotnet run -c Release --project samples/Homework --";

    /// <summary>The command with DIR for each folder.</summary>
    public static string Of(IReadOnlyList<string> arguments) =>
        string.Join(' ', arguments.Select((text, i) => i > 0 && IsFolder(arguments[i - 1]) ? "DIR" : text).Prepend(Start));

    private static bool IsFolder(string flag) => flag is "--data-dir" or "--out";
}
