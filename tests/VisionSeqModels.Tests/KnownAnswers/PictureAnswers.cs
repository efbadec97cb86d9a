using System.Globalization;
using System.IO.Compression;
using VisionSeqModels.Data;

namespace VisionSeqModels.Tests.KnownAnswers;

/// <summary>Compares what this library and Pillow read in the pictures of a folder that TestData/images/pillow.py
/// wrote.</summary>
internal static class PictureAnswers
{
    private const string Background = "#20a0ff";

    /// <summary>For each kind of picture: how many, whether it is lossless, and the largest differences.</summary>
    public static SortedDictionary<string, Result> Compare(string folder)
    {
        var results = new SortedDictionary<string, Result>(StringComparer.Ordinal);
        using var decoded = File.OpenRead(Path.Combine(folder, "decoded.raw"));
        using var resized = File.OpenRead(Path.Combine(folder, "resized.raw"));
        foreach (string line in File.ReadLines(Path.Combine(folder, "index.csv")).Skip(1))
        {
            string[] cells = line.Split(',');
            int[] numbers = [.. cells.Skip(2).Where(cell => int.TryParse(cell, out _)).Select(Number)];
            var whole = Image(numbers[2], numbers[1], ImageResize.Stretch);
            var small = Image(numbers[4], numbers[3], Enum.Parse<ImageResize>(cells[5]));
            byte[] file = File.ReadAllBytes(Path.Combine(folder, cells[0]));
            var result = results.GetValueOrDefault(cells[1], new Result(0, numbers[0] == 1, new Level[2]));
            Add(result.Levels, 0, ImageDecoder.Decode(file, whole), Planes(decoded, whole), cells[0]);
            Add(result.Levels, 1, ImageDecoder.Decode(file, small), Planes(resized, small), cells[0]);
            results[cells[1]] = result with { Count = result.Count + 1 };
        }

        return results;
    }

    /// <summary>Unpacks the pictures and answers that are stored beside the script.</summary>
    public static void UnpackStored(string folder) =>
        ZipFile.ExtractToDirectory(Path.Combine(AppContext.BaseDirectory, "TestData", "images", "pictures.zip"), folder);

    private static ImagePreparation Image(int height, int width, ImageResize resize) =>
        new()
        {
            Height = height,
            Width = width,
            Resize = resize,
            Background = Background,
        };

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static void Add(Level[] levels, int index, byte[] image, byte[] answer, string file)
    {
        for (int i = 0; i < image.Length; i++)
        {
            int difference = Math.Abs(image[i] - answer[i]);
            levels[index].Bytes++;
            levels[index].Over2 += difference > 2 ? 1 : 0;
            levels[index].Sum += difference;
            if (difference > levels[index].Most)
            {
                (levels[index].Most, levels[index].File) = (difference, file);
            }
        }
    }

    /// <summary>The next picture of the file, channel after channel.</summary>
    private static byte[] Planes(FileStream stream, ImagePreparation image)
    {
        byte[] pixels = new byte[image.ByteCount];
        stream.ReadExactly(pixels);
        int plane = image.Height * image.Width;
        return [.. Enumerable.Range(0, pixels.Length).Select(i => pixels[(i % plane * 3) + (i / plane)])];
    }

    /// <param name="Count">Pictures of this kind.</param>
    /// <param name="IsLossless">Whether its format keeps each level.</param>
    /// <param name="Levels">The differences of decoded and of resized pictures.</param>
    internal sealed record Result(int Count, bool IsLossless, Level[] Levels)
    {
        public override string ToString() => $"{Count, 5} pictures; decoded: {Levels[0]}; resized: {Levels[1]}";
    }

    internal struct Level
    {
        public int Most;
        public string File;
        public long Bytes;
        public long Over2;
        public long Sum;

        public override readonly string ToString() =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"most {Most} ({File}), mean {(double)Sum / Bytes:0.0000}, over 2 {(double)Over2 / Bytes:p4}"
            );
    }
}
