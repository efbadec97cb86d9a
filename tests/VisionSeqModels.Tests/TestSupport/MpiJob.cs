using System.Diagnostics;
using System.Globalization;

namespace VisionSeqModels.Tests;

/// <summary>This assembly as a program of several ranks, started by <c>mpirun</c>.</summary>
internal sealed class MpiJob : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly Task<string> _error;

    private MpiJob(Process process)
    {
        _process = process;
        _error = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Where <c>mpirun</c> is; null where it is not installed.</summary>
    public static string? Starter { get; } =
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, "mpirun"))
            .FirstOrDefault(File.Exists);

    /// <summary>Starts so many ranks; with none, one process without <c>mpirun</c>.</summary>
    public static MpiJob Start(int ranks, params string[] arguments)
    {
        string[] program = Program(arguments);
        string number = ranks.ToString(CultureInfo.InvariantCulture);
        return Start(
            ranks == 0
                ? new ProcessStartInfo("dotnet", program[1..])
                : new ProcessStartInfo(Starter!, ["-n", number, "--map-by", ":OVERSUBSCRIBE", "--bind-to", "none", .. program])
        );
    }

    /// <summary>Starts so many ranks on each of some hosts, over TCP alone.</summary>
    public static MpiJob Start(MpiHosts hosts, int count, int ranksOfEach, params string[] arguments) =>
        Start(new ProcessStartInfo(Starter!, [.. hosts.Arguments(count, ranksOfEach), .. Program(arguments)]));

    private static string[] Program(string[] arguments) =>
        ["dotnet", "exec", typeof(MpiJob).Assembly.Location, ChildProgram.MpiCommand, .. arguments];

    private static MpiJob Start(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.Environment["OMPI_ALLOW_RUN_AS_ROOT"] = "1";
        start.Environment["OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"] = "1";
        start.Environment["OMPI_MCA_btl_vader_single_copy_mechanism"] = "none"; // containers forbid the other one
        start.Environment["TERM"] = "dumb"; // mpirun gives its ranks a terminal, and .NET prepares one
        start.Environment["OMP_WAIT_POLICY"] = "PASSIVE"; // more ranks than cores
        return new MpiJob(Process.Start(start)!);
    }

    /// <summary>The next line that a rank writes; null where there is none any more.</summary>
    public string? ReadLine() => _process.StandardOutput.ReadLine();

    /// <summary>Waits for the end.</summary>
    /// <returns>The exit status, and what all ranks wrote.</returns>
    public (int Status, string[] Output, string Error) End(TimeSpan? within = null)
    {
        var output = _process.StandardOutput.ReadToEndAsync();
        if (!_process.WaitForExit(within ?? Longest))
        {
            _process.Kill(entireProcessTree: true);
            Assert.Fail($"The job did not end within {within ?? Longest}: {output.Result}{_error.Result}");
        }

        return (_process.ExitCode, output.Result.Split('\n', StringSplitOptions.RemoveEmptyEntries), _error.Result);
    }

    public void Dispose() => _process.Dispose();
}
