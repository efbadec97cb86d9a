using CsCheck;
using VisionSeqModels.Build;

namespace VisionSeqModels.Tests.Build;

/// <summary>On the real library, which the build has put beside this test in its fixed form.</summary>
public sealed class LibTorchSharpFixTests
{
    private static readonly byte[] FixedImage = File.ReadAllBytes(
        Directory.GetFiles(AppContext.BaseDirectory, "libLibTorchSharp.so", SearchOption.AllDirectories).First()
    );

    private static (int FlagsOffset, int Flags, int Index) Requirement { get; } =
        new ElfSharedLibrary(FixedImage).Requirements(LibTorchSharpFix.LibraryName, LibTorchSharpFix.VersionName).Single();

    [Fact]
    public void Original_ChangesInOneBitOnly()
    {
        byte[] image = Original();

        Assert.Equal(LibTorchSharpFixOutcome.Fixed, LibTorchSharpFix.Apply(image, out _));

        Assert.Equal(FixedImage, image);
        Assert.Equal(1, Original().Zip(image).Sum(pair => int.PopCount(pair.First ^ pair.Second)));
    }

    [Fact]
    public void FixedOne_IsLeftAlone()
    {
        byte[] image = [.. FixedImage];
        Assert.Equal(LibTorchSharpFixOutcome.NotNeeded, LibTorchSharpFix.Apply(image, out string explanation));
        Assert.Contains("weak already", explanation, StringComparison.Ordinal);
        Assert.Equal(FixedImage, image);
    }

    [Fact]
    public void LibraryWithoutThatVersion_IsLeftAlone()
    {
        byte[] image = Original();
        byte[] name = "GLIBCXX_3.4.32"u8.ToArray();
        int at = image.AsSpan().IndexOf(name);
        image[at + name.Length - 1] = (byte)'1'; // now it asks for 3.4.31, under a wrong hash that nobody looks at

        Assert.Equal(LibTorchSharpFixOutcome.NotNeeded, LibTorchSharpFix.Apply(image, out _));
    }

    [Fact]
    public void LibraryThatUsesTheVersion_IsRefused()
    {
        byte[] image = Original();
        int used = new ElfSharedLibrary(image).Requirements(LibTorchSharpFix.LibraryName, "GLIBCXX_3.4").Single().Index;
        image[Requirement.FlagsOffset + 2] = (byte)used; // vna_other: now symbols that are used belong to the version

        AssertUntouched(LibTorchSharpFixOutcome.Refused, image, "really needs GLIBCXX_3.4.32");
    }

    [Fact]
    public void WrongHash_IsDamage()
    {
        byte[] image = Original();
        image[Requirement.FlagsOffset - 4] ^= 1;
        AssertUntouched(LibTorchSharpFixOutcome.Damaged, image, "wrong hash");
    }

    [Theory]
    [InlineData(4, 1, LibTorchSharpFixOutcome.Refused)] // 32 bits
    [InlineData(5, 2, LibTorchSharpFixOutcome.Refused)] // big-endian
    [InlineData(16, 2, LibTorchSharpFixOutcome.Refused)] // a program
    [InlineData(18, 40, LibTorchSharpFixOutcome.Refused)] // another processor
    [InlineData(0, 0, LibTorchSharpFixOutcome.Damaged)] // no ELF file
    public void ForeignFile_IsRefused(int offset, byte value, LibTorchSharpFixOutcome expected)
    {
        byte[] image = Original();
        image[offset] = value;
        AssertUntouched(expected, image, "");
    }

    [Fact]
    public void CutOffAnywhere_IsDamageAndNeverMore()
    {
        int[] lengths =
        [
            0,
            1,
            63,
            64,
            65,
            100,
            500,
            .. Enumerable.Range(1, 60).Select(part => (int)((long)FixedImage.Length * part / 400)),
        ];
        Assert.All(lengths, length => AssertUntouched(LibTorchSharpFixOutcome.Damaged, Original()[..length], ""));
    }

    [Fact]
    public void DamagedAnywhereInItsTables_IsAnOutcomeAndNeverMore()
    {
        int end = Requirement.FlagsOffset + 64; // headers, dynamic symbols and versions lie before
        Gen.Select(Gen.Int[0, end], Gen.Byte)
            .Array[1, 3]
            .Sample(
                damage =>
                {
                    byte[] image = Original();
                    foreach (var (at, value) in damage)
                    {
                        image[at] = value;
                    }

                    byte[] before = [.. image];
                    var outcome = LibTorchSharpFix.Apply(image, out string explanation);
                    Assert.NotEmpty(explanation);
                    int bits = outcome == LibTorchSharpFixOutcome.Fixed ? 1 : 0;
                    Assert.Equal(bits, before.Zip(image).Take(end).Sum(pair => int.PopCount(pair.First ^ pair.Second)));
                },
                iter: 60,
                threads: 1
            );
    }

    [Fact]
    public void Write_LeavesOtherNamesOfTheOldFileAlone()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["old"], "old");
        File.Copy(folder["old"], folder["target"]);

        FixedFile.Write(folder["target"], [1, 2]);

        Assert.Equal([1, 2], File.ReadAllBytes(folder["target"]));
        Assert.Equal("old", File.ReadAllText(folder["old"]));
        Assert.Equal(2, Directory.GetFiles(folder.Root).Length);
    }

    private static void AssertUntouched(LibTorchSharpFixOutcome expected, byte[] image, string words)
    {
        byte[] before = [.. image];
        Assert.Equal(expected, LibTorchSharpFix.Apply(image, out string explanation));
        Assert.Contains(words, explanation, StringComparison.Ordinal);
        Assert.True(before.AsSpan().SequenceEqual(image));
    }

    private static byte[] Original()
    {
        byte[] image = [.. FixedImage];
        image[Requirement.FlagsOffset] &= 0xfd;
        return image;
    }
}
