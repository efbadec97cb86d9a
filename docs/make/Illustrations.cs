using System.Globalization;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace VisionSeqModels.DocsMake;

/// <summary>Makes illustrations again, and says which are stale.</summary>
internal static class Illustrations
{
    /// <summary>Prints each illustration with its stamp and its command.</summary>
    /// <returns>0 where none is stale, else 1.</returns>
    public static int List(Repository repository)
    {
        var stamps = IllustrationFiles.Stamps(repository.Root);
        int stale = 0;
        foreach (var illustration in IllustrationFiles.Illustrations(repository.Root))
        {
            stamps.TryGetValue(illustration.Name, out var stamp);
            bool isStale = stamp?.Sources != IllustrationFiles.Hash(repository.Root, illustration.Measures);
            stale += isStale ? 1 : 0;
            string when = stamp is null ? "never made" : $"{stamp.Date} at {stamp.Commit}, {stamp.Machine}";
            Console.WriteLine($"{illustration.Name}: {when}{(isStale ? ", STALE" : "")}");
            Console.WriteLine($"  {string.Join(' ', illustration.Command)}");
            Console.WriteLine($"  {string.Join(", ", illustration.Pages)}");
        }

        return Math.Min(stale, 1);
    }

    /// <summary>Runs the illustrations' commands, copies what they wrote, and stamps them.</summary>
    /// <exception cref="InvalidOperationException">A name is none of the list's, or a command fails.</exception>
    public static int Make(Repository repository, IReadOnlyList<string> names)
    {
        var illustrations = IllustrationFiles.Illustrations(repository.Root);
        foreach (string name in names)
        {
            var illustration =
                illustrations.SingleOrDefault(illustration => illustration.Name == name)
                ?? throw new InvalidOperationException(
                    $"'{name}' is no illustration. There are: {string.Join(", ", illustrations.Select(one => one.Name))}."
                );
            Make(repository, illustration);
        }

        return 0;
    }

    private static void Make(Repository repository, Illustration illustration)
    {
        string folder = Path.Combine(repository.Root, "artifacts", "illustrations", illustration.Name);
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        Directory.CreateDirectory(Path.GetDirectoryName(folder)!);
        string data = Environment.GetEnvironmentVariable("VISIONSEQ_DATA") ?? "data";
        string[] command =
        [
            .. illustration.Command.Select(part =>
                part.Replace("OUT", folder, StringComparison.Ordinal).Replace("DATA", data, StringComparison.Ordinal)
            ),
        ];
        Console.WriteLine(string.Join(' ', command));
        var (exitCode, output) = illustration.IsTable
            ? repository.Read(command[0], command[1..])
            : (repository.Run(command[0], command[1..]), "");
        if (exitCode != 0)
        {
            throw new InvalidOperationException(
                $"The command of '{illustration.Name}' ended with {exitCode}; nothing was stamped."
            );
        }

        foreach (var (from, to) in illustration.Files)
        {
            File.Copy(Path.Combine(folder, from), Path.Combine(repository.Root, to), overwrite: true);
        }

        var stamp = Stamp(repository, illustration);
        if (illustration.IsTable)
        {
            Console.WriteLine(output);
            PutTables(repository, illustration, output, stamp);
        }
    }

    private static void PutTables(Repository repository, Illustration illustration, string output, Stamp stamp)
    {
        string tables = MarkdownTables.Of(output);
        if (tables.Length == 0)
        {
            throw new InvalidOperationException($"The command of '{illustration.Name}' printed no table.");
        }

        foreach (string page in illustration.Pages.Select(page => Path.Combine(repository.Root, page)))
        {
            string text = File.ReadAllText(page).ReplaceLineEndings("\n");
            string content = $"{tables}\n\nMade at {stamp.Commit} on {stamp.Date}: {stamp.Machine}.";
            File.WriteAllText(page, MarkdownTables.Put(text, illustration.Name, content));
        }
    }

    private static Stamp Stamp(Repository repository, Illustration illustration)
    {
        var stamps = IllustrationFiles.Stamps(repository.Root);
        var stamp = new Stamp(
            repository.Read("git", "rev-parse", "--short", "HEAD").Output.Trim(),
            DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            Machine(),
            IllustrationFiles.Hash(repository.Root, illustration.Measures)
        );
        stamps[illustration.Name] = stamp;
        IllustrationFiles.WriteStamps(repository.Root, stamps);
        return stamp;
    }

    private static string Machine()
    {
        const string Linux = "/proc/cpuinfo";
        string? name = File.Exists(Linux)
            ? File.ReadLines(Linux)
                .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
                ?.Split(':')[1]
                .Trim()
            : Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER");
        string vectors =
            Avx512F.IsSupported ? "AVX-512"
            : Avx2.IsSupported ? "AVX2"
            : AdvSimd.IsSupported ? "AdvSIMD"
            : "no wide vectors";
        return $"{Environment.ProcessorCount} cores, {name ?? "unknown processor"}, {vectors}";
    }
}
