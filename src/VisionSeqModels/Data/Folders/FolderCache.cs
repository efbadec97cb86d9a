using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SkiaSharp;
using VisionSeqModels.Core;

namespace VisionSeqModels.Data;

/// <summary>The file that keeps the decoded images of a folder: their bytes, one image after the other; a line of JSON; eight
/// bytes with its length; eight that say what the file is.</summary>
/// <remarks>Its name has sums of the folder's path, of the options, and of the files' names, sizes, times and parts. So a file
/// is never changed, and one that no longer fits is not found.</remarks>
internal sealed class FolderCache
{
    private const string Ending = ".images";
    private const int Version = 1;
    private const int TailBytes = 16;
    private const int LongestText = 256 << 20;

    private static readonly TimeSpan Abandoned = TimeSpan.FromMinutes(10);

    private readonly FolderContent _content;
    private readonly ImageFolderOptions _options;
    private readonly string _folder;
    private readonly string _prefix;

    public FolderCache(FolderContent content, ImageFolderOptions options)
    {
        (_content, _options) = (content, options);
        _folder = Path.GetFullPath(options.CacheDirectory ?? Path.Combine(DatasetDirectory.Default, "image-folders"));
        _prefix = $"{FileNames.Safe(Path.GetFileName(content.Root))}-{Sum(content.Root)}-{Sum(Settings)}-";
        FilePath = Path.Combine(_folder, _prefix + Sum(Listing) + Ending);
    }

    /// <summary>Where the file is, or is to be.</summary>
    public string FilePath { get; }

    private static ReadOnlySpan<byte> Magic => "VSMimgs1"u8;

    private string Settings =>
        FormattableString.Invariant(
            $"{Version} {typeof(SKCodec).Assembly.GetName().Version} {_options.Preparation} {_options.PixelLimit} "
        ) + _options.OnBrokenFile;

    private string Listing
    {
        get
        {
            var text = new StringBuilder().Append(_content.TrainCount).Append('\n');
            foreach (var file in _content.Files)
            {
                text.Append(file.Class).Append('\0').Append(file.Relative).Append('\0').Append(file.Length);
                text.Append('\0').Append(file.Modified.Ticks).Append('\n');
            }

            return text.ToString();
        }
    }

    /// <summary>What the file says about its images; null where there is none that is whole.</summary>
    public FolderImages? Read()
    {
        try
        {
            using var stream = FileSystem.Current.OpenRead(FilePath);
            return Read(stream);
        }
        catch (Exception e)
            when (e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException or FormatException
            )
        {
            return null;
        }
    }

    /// <summary>Decodes the folder and writes the file, whole or not at all.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="BrokenFilesException">Files cannot be read, and are not to be left out.</exception>
    public FolderImages Write()
    {
        FolderImages? images = null;
        AtomicFile.Write(
            FilePath,
            stream =>
            {
                var decoder = new FolderDecoder(_content, _options);
                decoder.Run(block => stream.Write(block.Span));
                images = FolderImages.Of(_content, _options, decoder);
                byte[] text = Encoding.UTF8.GetBytes(images.ToJson().ToJsonString());
                stream.Write(text);
                Span<byte> length = stackalloc byte[8];
                BinaryPrimitives.WriteInt64LittleEndian(length, text.Length);
                stream.Write(length);
                stream.Write(Magic);
            }
        );
        return images!;
    }

    /// <summary>Deletes the files of this folder as it was, and what a killed process left.</summary>
    public void RemoveOld()
    {
        var folder = new DirectoryInfo(_folder);
        foreach (var file in folder.Exists ? folder.EnumerateFiles(_prefix + "*") : [])
        {
            bool isOld = file.Name.EndsWith(Ending, StringComparison.Ordinal)
                ? file.FullName != FilePath
                : file.Name.EndsWith(".tmp", StringComparison.Ordinal) && DateTime.UtcNow - file.LastWriteTimeUtc > Abandoned;
            try
            {
                if (isOld)
                {
                    FileSystem.Current.Delete(file.FullName);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // in use on Windows; the next load tries again
            }
        }
    }

    private FolderImages? Read(Stream stream)
    {
        Span<byte> tail = stackalloc byte[TailBytes];
        if (stream.Length < TailBytes)
        {
            return null;
        }

        stream.Seek(-TailBytes, SeekOrigin.End);
        stream.ReadExactly(tail);
        long length = BinaryPrimitives.ReadInt64LittleEndian(tail);
        if (!tail.Slice(8).SequenceEqual(Magic) || length is < 2 or > LongestText || length > stream.Length - TailBytes)
        {
            return null;
        }

        byte[] text = new byte[length];
        stream.Seek(-TailBytes - length, SeekOrigin.End);
        stream.ReadExactly(text);
        var images = FolderImages.Of(_content, _options.Preparation, JsonFormat.Parse(Encoding.UTF8.GetString(text)));
        long bytes = (long)(images?.Count ?? 0) * _options.Preparation.ByteCount;
        return bytes == stream.Length - TailBytes - length ? images : null;
    }

    private static string Sum(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 8));
}
