using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using VisionSeqModels.Core;
using VisionSeqModels.Data;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>Loads pictures of your own: a folder with a subfolder for each class.</summary>
/// <remarks>
/// The files of a class may lie at any depth in its subfolder. Where the folder has <c>train</c> and <c>test</c> (or
/// <c>val</c>), the classes lie in each of them; else a part of each class is set aside for testing. Classes are sorted by
/// ordinal, and so are files by their paths: the same folder gives the same data on every system. JPEG, PNG, WebP, BMP and the
/// first frame of GIF are read, whatever the file's ending. Hidden files are left out, links are followed. The name of the data
/// is <c>folder</c>. docs/own-images.md has a whole program, and the rules for colours and sizes.
/// </remarks>
public static class ImageFolder
{
    internal const string Name = "folder";

    private const int LargestPiece = 1 << 28;

    /// <summary>Loads a folder.</summary>
    /// <param name="directory">The folder.</param>
    /// <param name="options">Size, split, and what to do with broken files; null for the defaults.</param>
    /// <returns>Training and test images; the caller disposes them.</returns>
    /// <exception cref="DatasetNotFoundException">There is no such folder.</exception>
    /// <exception cref="DatasetFormatException">Its subfolders are no classes, or files cannot be read; the message lists
    /// them.</exception>
    /// <exception cref="InvalidOptionsException">Options out of range; the message names every one.</exception>
    /// <exception cref="ArgumentException">The test fraction leaves a part without images.</exception>
    /// <exception cref="IOException">The file for images above the memory limit cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The options' token was cancelled; nothing stays.</exception>
    public static ImageDatasets Load(string directory, ImageFolderOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(directory);
        options ??= new ImageFolderOptions();
        options.Validate();
        TorchRuntime.EnsureAvailable();
        SkiaLibrary.EnsureAvailable();
        var content = FolderContent.Of(directory, options);
        var logger = options.Logger ?? NullLogger.Instance;
        try
        {
            using var scope = NewDisposeScope();
            bool isMapped = (long)content.Files.Count * options.Preparation.ByteCount > options.MemoryLimit;
            var (images, pixels) = isMapped ? Map(content, options, logger) : Read(content, options);
            foreach (var file in images.Skipped(isTraining: true).Concat(images.Skipped(isTraining: false)))
            {
                LogMessages.FileSkipped(logger, PlainText.Of(file.Path), file.Reason);
            }

            return Datasets(images, pixels, options, isMapped);
        }
        catch (BrokenFilesException e)
        {
            throw e.Explain(content.Root, content.Files.Count);
        }
    }

    private static (FolderImages Images, Tensor Pixels) Read(FolderContent content, ImageFolderOptions options)
    {
        var decoder = new FolderDecoder(content, options);
        var pixels = empty(Shape(content.Files.Count, options.Preparation), dtype: ScalarType.Byte);
        long count = 0;
        decoder.Run(block =>
        {
            for (int begin = 0; begin < block.Length; begin += LargestPiece)
            {
                var piece = block.Slice(begin, Math.Min(LargestPiece, block.Length - begin)).Span;
                using var target = pixels.view(-1).narrow(0, count, piece.Length);
                piece.CopyTo(target.bytes);
                count += piece.Length;
            }
        });
        var images = FolderImages.Of(content, options, decoder);
        images.RequireUsable();
        return (images, pixels);
    }

    private static (FolderImages Images, Tensor Pixels) Map(FolderContent content, ImageFolderOptions options, ILogger logger)
    {
        var cache = new FolderCache(content, options);
        var images = cache.Read() ?? cache.Write();
        cache.RemoveOld();
        images.RequireUsable();
        LogMessages.ImagesMapped(logger, content.Root, cache.FilePath);
        long[] shape = Shape(images.Count, options.Preparation);
        var bytes = from_file(cache.FilePath, shared: false, size: shape.Aggregate((a, b) => a * b), dtype: ScalarType.Byte);
        return (images, bytes.view(shape));
    }

    private static ImageDatasets Datasets(FolderImages images, Tensor pixels, ImageFolderOptions options, bool isMapped)
    {
        return new ImageDatasets(Part(isTraining: true), Part(isTraining: false));

        ImageDataset Part(bool isTraining)
        {
            long[] labels = images.Labels(isTraining);
            return new ImageDataset(
                Name,
                pixels.narrow(0, isTraining ? 0 : images.TrainCount, labels.Length),
                tensor(labels),
                images.Content.ClassNames,
                options.Normalization ?? images.Normalization
            )
            {
                Preparation = options.Preparation,
                SkippedFiles = images.Skipped(isTraining),
                FileNames = images.FileNames(isTraining),
                IsMapped = isMapped,
            };
        }
    }

    private static long[] Shape(int count, ImagePreparation image) => [count, image.Channels, image.Height, image.Width];
}
