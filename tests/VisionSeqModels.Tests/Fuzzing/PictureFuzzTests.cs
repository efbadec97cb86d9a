using System.Collections.Concurrent;
using System.Globalization;
using SkiaSharp;
using VisionSeqModels.Data;
using Xunit.Abstractions;

namespace VisionSeqModels.Tests.Fuzzing;

/// <summary>Damaged pictures give an image or an UnreadableImageException, and never end the process.
/// VISIONSEQ_FUZZ_PICTURES says how many to try; the usual number is 4,000.</summary>
public sealed class PictureFuzzTests(ITestOutputHelper output)
{
    private const int Usual = 4_000;
    private const int LongestSeconds = 20; // for one picture

    private static readonly ImagePreparation Image = new() { Height = 16, Width = 16 };

    [Fact]
    public void DamagedPictures_GiveAnImageOrATypedError()
    {
        int count = Environment.GetEnvironmentVariable("VISIONSEQ_FUZZ_PICTURES") is { Length: > 0 } text
            ? int.Parse(text, CultureInfo.InvariantCulture)
            : Usual;
        byte[][] sound = Sound();
        var outcomes = new ConcurrentDictionary<string, int>();
        long slowest = 0;
        Parallel.For(
            0,
            count,
            number =>
            {
                byte[] bytes = Damaged(sound, new Random(number));
                long begin = Environment.TickCount64;
                outcomes.AddOrUpdate(Outcome(bytes, number), 1, (_, seen) => seen + 1);
                InterlockedMax(ref slowest, Environment.TickCount64 - begin);
            }
        );
        foreach (var (outcome, seen) in outcomes.OrderByDescending(entry => entry.Value))
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{seen, 9:n0}  {outcome}"));
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"the slowest took {slowest} ms"));
        Assert.True(outcomes.ContainsKey("an image") && outcomes.Count > 2, "the damage is one-sided");
        Assert.InRange(slowest, 0, 1000 * LongestSeconds);
    }

    private static string Outcome(byte[] bytes, int number)
    {
        try
        {
            Assert.Equal(Image.ByteCount, ImageDecoder.Decode(bytes, Image, pixelLimit: 1 << 20).Length);
            return "an image";
        }
        catch (UnreadableImageException e)
        {
            return e.Reason.Contains(" pixels, but at most ", StringComparison.Ordinal) ? "has too many pixels" : e.Reason;
        }
        catch (Exception e)
        {
            throw new InvalidOperationException(FormattableString.Invariant($"case {number}"), e);
        }
    }

    /// <summary>Bits that flip, ranges that go, are doubled or become noise, ends that are missing or another file's, and noise
    /// behind the first bytes of a format.</summary>
    private static byte[] Damaged(byte[][] sound, Random random)
    {
        var bytes = new List<byte>(sound[random.Next(sound.Length)]);
        for (int times = random.Next(1, 6); times > 0 && bytes.Count > 0; times--)
        {
            int at = random.Next(2) == 0 ? random.Next(Math.Min(bytes.Count, 64)) : random.Next(bytes.Count);
            int length = Math.Min(random.Next(1, 40), bytes.Count - at);
            switch (random.Next(9))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes[at] = random.Next(2) == 0 ? byte.MinValue : byte.MaxValue;
                    break;
                case 3:
                    bytes.RemoveRange(at, length);
                    break;
                case 4:
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
                case 5:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 6:
                    byte[] noise = new byte[length];
                    random.NextBytes(noise);
                    bytes.InsertRange(at, noise);
                    bytes.RemoveRange(at + length, length);
                    break;
                case 7:
                    byte[] other = sound[random.Next(sound.Length)];
                    bytes.RemoveRange(at, bytes.Count - at);
                    bytes.AddRange(other.AsSpan(Math.Min(at, other.Length)));
                    break;
                default:
                    byte[] tail = new byte[random.Next(300)];
                    random.NextBytes(tail);
                    bytes.RemoveRange(Math.Min(at, 12), bytes.Count - Math.Min(at, 12));
                    bytes.AddRange(tail);
                    break;
            }
        }

        return [.. bytes];
    }

    /// <summary>The stored pictures of many kinds, and some that SkiaSharp writes.</summary>
    private static byte[][] Sound()
    {
        using var folder = new TempFolder();
        KnownAnswers.PictureAnswers.UnpackStored(folder.Root);
        return
        [
            .. Directory
                .GetFiles(folder.Root)
                .Where(file => Path.GetExtension(file) is not (".csv" or ".raw"))
                .Order(StringComparer.Ordinal)
                .Select(File.ReadAllBytes),
            Photos.Encoded(SKColors.Red, 20, 20, SKEncodedImageFormat.Jpeg),
            Photos.Encoded(SKColors.Red, 20, 20, SKEncodedImageFormat.Webp),
        ];
    }

    private static void InterlockedMax(ref long place, long value)
    {
        for (long seen = Volatile.Read(ref place); value > seen; )
        {
            seen = Interlocked.CompareExchange(ref place, value, seen) is var before && before == seen ? value : before;
        }
    }
}
