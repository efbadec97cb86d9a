using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace VisionSeqModels.Tests.Checkpoints;

/// <summary>The files of TestData/pth, and zip files as PyTorch's made by hand.</summary>
internal static class PyTorchFiles
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "TestData", "pth");

    /// <summary>The first three pickles of the format before PyTorch 1.6: magic number, version, system.</summary>
    private static readonly byte[] LegacyStart =
    [
        .. Convert.FromHexString("80028a0a6cfc9c46f9206aa850192e" + "80024de9032e"),
        .. Latin("\u0080\u0002}X\u000d\0\0\0little_endian\u0088s."),
    ];

    public static IEnumerable<string> Sound => Names("sound", "*.pth");

    public static IReadOnlyList<Case> Malicious { get; } =
        JsonSerializer.Deserialize<List<Case>>(
            File.ReadAllText(Path.Combine(Folder, "malicious.json")),
            new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.CamelCase }
        )!;

    public static string PathOf(string folder, string name) => Path.Combine(Folder, folder, name);

    /// <summary>A zip file with a pickle, and a storage '0' of four floats.</summary>
    public static void WriteZip(string path, byte[] pickle) =>
        WriteZip(path, [("archive/data.pkl", pickle), ("archive/data/0", new byte[16]), ("archive/version", "3\n"u8.ToArray())]);

    public static void WriteZip(
        string path,
        IEnumerable<(string Name, byte[] Content)> entries,
        CompressionLevel level = CompressionLevel.NoCompression
    )
    {
        using var archive = new ZipArchive(File.Create(path), ZipArchiveMode.Create);
        foreach (var (name, content) in entries)
        {
            using var stream = archive.CreateEntry(name, level).Open();
            stream.Write(content);
        }
    }

    /// <summary>The format before PyTorch 1.6 with a pickle, and the storage.</summary>
    public static void WriteLegacy(string path, byte[] pickle) =>
        File.WriteAllBytes(
            path,
            [
                .. LegacyStart,
                .. pickle,
                .. Convert.FromHexString("80025d5801000000" + "30" + "612e"),
                4,
                .. new byte[7],
                .. new byte[16],
            ]
        );

    /// <summary>The pickle of a dict with the four floats as 'weight'.</summary>
    public static byte[] SoundPickle =>
        [
            .. Latin("\u0080\u0002}X\u0006\0\0\0weightctorch._utils\n_rebuild_tensor_v2\n("),
            .. Latin("(X\u0007\0\0\0storagectorch\nFloatStorage\nX\u0001\0\0\00X\u0003\0\0\0cpuK\u0004tQ"),
            .. Latin("K\0K\u0004\u0085K\u0001\u0085\u0089ccollections\nOrderedDict\n)RtRs."),
        ];

    private static byte[] Latin(string text) => Encoding.Latin1.GetBytes(text);

    private static IEnumerable<string> Names(string folder, string pattern) =>
        Directory
            .GetFiles(Path.Combine(Folder, folder), pattern)
            .Select(path => Path.GetFileNameWithoutExtension(path))
            .Order(StringComparer.Ordinal);

    internal sealed record Case(string Name, string Pickle, string? Says)
    {
        public byte[] Bytes => Convert.FromBase64String(Pickle);
    }
}
