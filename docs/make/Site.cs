using System.Text.RegularExpressions;

namespace VisionSeqModels.DocsMake;

/// <summary>The site: the pages as they stand in the repository, and the API reference, by DocFX.</summary>
internal static partial class Site
{
    /// <summary>The page that the site opens with.</summary>
    private const string Front = "README.md";

    private const string Contents = """
        - { name: Documentation, href: docs/, topicHref: docs/getting-started.md }
        - { name: API, href: api/ }

        """;

    public static int Build(Repository repository)
    {
        string site = Path.Combine(repository.Root, "artifacts", "site");
        string source = Path.Combine(site, "source");
        foreach (string folder in new[] { source, Path.Combine(site, "html") }.Where(Directory.Exists))
        {
            Directory.Delete(folder, recursive: true);
        }

        var staged = new HashSet<string>(StringComparer.Ordinal);
        foreach (string page in repository.Pages())
        {
            Stage(repository, source, page, staged);
        }

        string made = Path.Combine(repository.Root, "docs", "make");
        File.Copy(Path.Combine(made, "toc.yml"), Path.Combine(source, "docs", "toc.yml"));
        File.Copy(Path.Combine(repository.Root, "build", "icon.png"), Path.Combine(source, "icon.png"));
        File.WriteAllText(Path.Combine(source, "toc.yml"), Contents);
        string settings = File.ReadAllText(Path.Combine(made, "docfx.json"))
            .Replace("ASSEMBLIES", AppContext.BaseDirectory.Replace('\\', '/'), StringComparison.Ordinal)
            .Replace("TEMPLATE", Path.Combine(made, "template").Replace('\\', '/'), StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(source, "docfx.json"), settings);

        int restored = repository.Run("dotnet", "tool", "restore", "--verbosity", "quiet");
        return restored != 0 ? restored : DocFx(repository, Path.Combine(source, "docfx.json"));
    }

    /// <summary>Runs DocFX; whatever it warns of fails the build. It also counts parameters that a member documents itself and
    /// inherits as well: there it takes the member's own, as the compiler does.</summary>
    private static int DocFx(Repository repository, string settings)
    {
        var (exitCode, output) = repository.Read("dotnet", "docfx", settings, "--logLevel", "warning");
        string[] faults =
        [
            .. output
                .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Where(line => Fault().IsMatch(line) && !line.Contains("Duplicate parameter", StringComparison.Ordinal)),
        ];
        foreach (string fault in faults)
        {
            Console.Error.WriteLine(fault);
        }

        return exitCode != 0 ? exitCode : Math.Min(faults.Length, 1);
    }

    /// <summary>Copies a page, and the files that it shows and names.</summary>
    private static void Stage(Repository repository, string source, string page, HashSet<string> staged)
    {
        if (!staged.Add(page))
        {
            return;
        }

        string folder = Path.GetDirectoryName(page)!;
        string markdown = File.ReadAllText(Path.Combine(repository.Root, page));
        foreach (Match picture in Picture().Matches(markdown))
        {
            Copy(repository, source, PathOf(repository, folder, picture.Groups["path"].Value));
        }

        string text = Link()
            .Replace(
                markdown,
                link =>
                {
                    string target = link.Groups["path"].Value;
                    string path = PathOf(repository, folder, target);
                    if (path.EndsWith(".md", StringComparison.Ordinal) && File.Exists(Path.Combine(repository.Root, path)))
                    {
                        Stage(repository, source, path, staged);
                        return path == Front ? link.Value.Replace(target, ToFront(target), StringComparison.Ordinal) : link.Value;
                    }

                    // What is no page is copied; a folder or a missing file leaves the text without a link.
                    return Copy(repository, source, path) ? link.Value : link.Groups["words"].Value;
                }
            );
        Write(Path.Combine(source, page == Front ? "index.md" : page), text);
    }

    /// <summary>What a link on a page of a folder leads to, from the root, with '/'.</summary>
    private static string PathOf(Repository repository, string folder, string target) =>
        Path.GetRelativePath(repository.Root, Path.GetFullPath(Path.Combine(repository.Root, folder, target))).Replace('\\', '/');

    private static string ToFront(string target) => target[..^Front.Length] + "index.md";

    private static bool Copy(Repository repository, string source, string path)
    {
        string from = Path.Combine(repository.Root, path),
            to = Path.Combine(source, path);
        if (File.Exists(from))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(from, to, overwrite: true);
        }

        return File.Exists(from);
    }

    private static void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    // "page.md(7,1): warning InvalidFileLink: …", "error: …"; not "Build succeeded with warning."
    [GeneratedRegex("(^|: )(warning|error)[ :]", RegexOptions.IgnoreCase)]
    private static partial Regex Fault();

    [GeneratedRegex(@"!\[[^\]]*\]\((?!https?:)(?<path>[^()\s#]+)\)")]
    private static partial Regex Picture();

    [GeneratedRegex(@"!?\[(?<words>(?:[^\[\]]|\[[^\]]*\])*)\]\((?!https?:)(?<path>[^()\s#]+)(?:\#[^()\s]*)?\)")]
    private static partial Regex Link();
}
