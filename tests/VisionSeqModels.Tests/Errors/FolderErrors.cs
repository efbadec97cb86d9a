using SkiaSharp;
using VisionSeqModels.Data;

namespace VisionSeqModels.Tests.Errors;

/// <summary>Reproductions of what can go wrong with folders of pictures, by the ids of docs/errors.</summary>
internal static class FolderErrors
{
    private static readonly ImagePreparation Image = new();

    public static IEnumerable<(string Id, Action<TempFolder> Cause)> All =>
        [
            ("folder-missing", folder => ImageFolder.Load(folder["nowhere"])),
            (
                "folder-file",
                folder =>
                {
                    File.WriteAllText(folder["file"], "");
                    ImageFolder.Load(folder["file"]);
                }
            ),
            ("folder-classes", folder => ImageFolder.Load(folder.Root)),
            ("folder-empty-class", folder => Load(folder, null, _ => Directory.CreateDirectory(folder["c"]), "a", "b")),
            ("folder-parts", folder => Load(folder, null, null, "train/a", "train/b", "test/a", "plane/x")),
            ("folder-test", folder => Load(folder, new() { TestFolder = "holdout" }, null, "train/a", "train/b")),
            ("folder-test-class", folder => Load(folder, null, null, "train/a", "train/b", "test/A", "test/b")),
            (
                "folder-few",
                folder => Load(folder, new() { Group = path => path.StartsWith('c') ? "c" : "ab" }, null, "a", "b", "c")
            ),
            ("folder-one-group", folder => Load(folder, new() { Group = _ => "all" }, null, "a", "b")),
            (
                "folder-group-parts",
                folder => Load(folder, new() { Group = path => path[^6..] }, null, "train/a", "train/b", "test/a", "test/b")
            ),
            ("folder-broken", folder => Load(folder, null, _ => File.WriteAllText(folder["a/x"], "x"), "a", "b")),
            ("folder-all-broken", folder => Load(folder, new() { OnBrokenFile = OnBrokenFile.Skip }, Break, "a", "b")),
            ("folder-long-file", folder => Load(folder, null, AddLongFile, "a", "b")),
            ("image-empty", _ => ImageDecoder.Decode([], Image)),
            ("image-kind", _ => ImageDecoder.Decode("no picture"u8, Image)),
            ("image-format", _ => ImageDecoder.Decode([0, 0, 8, 1, 255], Image)),
            ("image-cut", _ => ImageDecoder.Decode(Photos.Encoded(SKColors.Red, 50, 50).AsSpan(0, 90), Image)),
            ("image-large", _ => ImageDecoder.Decode(Photos.Encoded(SKColors.Red), Image, pixelLimit: 100)),
            (
                "image-no-pixels",
                _ =>
                {
                    using var bitmap = new SKBitmap();
                    ImageDecoder.Prepare(bitmap, Image);
                }
            ),
        ];

    private static void Load(TempFolder folder, ImageFolderOptions? options, Action<TempFolder>? change, params string[] classes)
    {
        Photos.Write(folder.Root, 5, classes);
        change?.Invoke(folder);
        ImageFolder.Load(folder.Root, options).Dispose();
    }

    private static void Break(TempFolder folder) =>
        Array.ForEach(Directory.GetFiles(folder["a"]), file => File.WriteAllText(file, "x"));

    private static void AddLongFile(TempFolder folder)
    {
        using var file = File.Create(folder["a/x"]);
        file.SetLength((512L << 20) + 1);
    }
}
