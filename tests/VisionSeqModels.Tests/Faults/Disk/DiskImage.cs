using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;

namespace VisionSeqModels.Tests.Faults;

/// <summary>What a power cut takes.</summary>
internal enum PowerCut
{
    /// <summary>Nothing: only the process has ended, the system still has all that it wrote.</summary>
    None,

    /// <summary>Contents and folders' entries that were not flushed.</summary>
    Everything,

    /// <summary>Contents that were not flushed; names are as they were last.</summary>
    Contents,

    /// <summary>Entries of folders that were not flushed; contents are as they were last.</summary>
    Entries,

    /// <summary>By a seed: entries all or none, of each content that was not flushed all, a half or nothing.</summary>
    Some,
}

/// <summary>All files and folders of a disk at one moment.</summary>
internal sealed class DiskImage
{
    private static readonly ConditionalWeakTable<byte[], string> Sums = [];

    private readonly List<(string Path, byte[]? Content)> _entries = [];

    public static DiskImage Empty { get; } = new();

    /// <summary>The same for equal images.</summary>
    public string Sum
    {
        get
        {
            var text = new StringBuilder();
            foreach (var (path, content) in _entries)
            {
                text.Append(path).Append('\0').Append(content is null ? "/" : SumOf(content)).Append('\n');
            }

            return SumOf(Encoding.UTF8.GetBytes(text.ToString()));
        }
    }

    public IReadOnlyList<(string Path, byte[]? Content)> Entries => _entries;

    /// <summary>The disk as it is found after a power cut.</summary>
    public static DiskImage Of(FolderNode root, PowerCut cut, int seed)
    {
        var image = new DiskImage();
        var random = new Random(seed);
        bool losesEntries = cut is PowerCut.Everything or PowerCut.Entries || (cut == PowerCut.Some && random.Next(2) == 0);
        image.Add(root, "", losesEntries, file => Content(file, cut, random));
        return image;
    }

    /// <summary>The files of a folder of this machine.</summary>
    public static DiskImage Of(string folder)
    {
        var image = new DiskImage();
        foreach (
            string path in Directory.GetFileSystemEntries(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        )
        {
            image._entries.Add(
                (Path.GetRelativePath(folder, path).Replace('\\', '/'), Directory.Exists(path) ? null : File.ReadAllBytes(path))
            );
        }

        return image;
    }

    /// <summary>Makes a folder of this machine equal to the image.</summary>
    public void WriteTo(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        Directory.CreateDirectory(folder);
        foreach (var (path, content) in _entries)
        {
            if (content is null)
            {
                Directory.CreateDirectory(Path.Combine(folder, path));
            }
            else
            {
                File.WriteAllBytes(Path.Combine(folder, path), content);
            }
        }
    }

    private void Add(FolderNode folder, string path, bool losesEntries, Func<FileNode, byte[]> content)
    {
        foreach (var (name, node) in losesEntries ? folder.Durable : folder.Entries)
        {
            string full = path.Length == 0 ? name : $"{path}/{name}";
            _entries.Add((full, (node as FileNode) is FileNode file ? content(file) : null));
            if (node is FolderNode inner)
            {
                Add(inner, full, losesEntries, content);
            }
        }
    }

    private static byte[] Content(FileNode file, PowerCut cut, Random random) =>
        cut switch
        {
            PowerCut.None or PowerCut.Entries => file.Content,
            PowerCut.Everything or PowerCut.Contents => file.Durable,
            _ when file.Content == file.Durable => file.Durable,
            _ => random.Next(3) switch
            {
                0 => file.Content,
                1 => file.Durable,
                _ => file.Content[..Half(file)],
            },
        };

    /// <summary>Of a file that has grown since it was flushed, half of what is new.</summary>
    private static int Half(FileNode file) =>
        file.Content.AsSpan().StartsWith(file.Durable)
            ? (file.Durable.Length + file.Content.Length) / 2
            : file.Content.Length / 2;

    private static string SumOf(byte[] content) =>
        Sums.GetValue(content, bytes => Convert.ToHexStringLower(SHA256.HashData(bytes)));
}
