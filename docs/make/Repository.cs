using System.Diagnostics;

namespace VisionSeqModels.DocsMake;

/// <summary>The repository that the program is run in.</summary>
internal sealed record Repository(string Root)
{
    /// <summary>The pages above docs/.</summary>
    private static readonly string[] Above = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "samples/README.md"];

    /// <exception cref="InvalidOperationException">No folder above the current one has the solution.</exception>
    public static Repository Find()
    {
        for (var folder = new DirectoryInfo(Environment.CurrentDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "VisionSeqModels.sln")))
            {
                return new Repository(folder.FullName);
            }
        }

        throw new InvalidOperationException(
            $"No folder above '{Environment.CurrentDirectory}' has VisionSeqModels.sln. Run this within the repository."
        );
    }

    /// <summary>All pages by their paths from the root, with '/'.</summary>
    public IReadOnlyList<string> Pages() =>
        [
            .. Above,
            .. Directory
                .GetFiles(Path.Combine(Root, "docs"), "*.md", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>Runs a program in the root, with its output on this console.</summary>
    /// <returns>Its exit code.</returns>
    public int Run(string program, params IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = Root })!;
        process.WaitForExit();
        return process.ExitCode;
    }

    /// <summary>Runs a program in the root and reads what it prints.</summary>
    public (int ExitCode, string Output) Read(string program, params IEnumerable<string> arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments) { WorkingDirectory = Root, RedirectStandardOutput = true }
        )!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }
}
