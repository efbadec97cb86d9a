using CsCheck;
using VisionSeqModels.Core;

namespace VisionSeqModels.Tests.Core;

public sealed class FileNamesTests
{
    private static readonly string[] Devices = ["con", "prn", "aux", "nul", "com1", "lpt9"];

    [Theory]
    [InlineData("cifar10-lenet", "cifar10-lenet")]
    [InlineData("LeNet 0.5", "LeNet_0.5")]
    [InlineData("a/b\\c:d*e?f\"g<h>i|j", "a_b_c_d_e_f_g_h_i_j")]
    [InlineData("../../etc", "_._.._etc")]
    [InlineData("Größe", "Gr__e")]
    [InlineData("con", "_con")]
    [InlineData("NUL.txt", "_NUL.txt")]
    [InlineData("trailing. ", "trailing._")]
    [InlineData("a\u202eb\u001b", "a_b_")]
    public void New_GivesANameThatEverySystemAllows(string name, string expected)
    {
        string path = RunDirectory.New("runs", name, new FixedClock());
        Assert.Equal(Path.Combine("runs", $"{expected}_Oct24_19-52-12"), path);
    }

    [Fact]
    public void AnyName_IsOneFolderBelowItsParent() =>
        Gen
            .Char.Array[1, 200]
            .Select(letters => new string(letters))
            .Where(name => !string.IsNullOrWhiteSpace(name))
            .Sample(
                name =>
                {
                    string safe = FileNames.Safe(name);
                    Assert.InRange(safe.Length, 1, 61);
                    Assert.All(safe, letter => Assert.True(char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_'));
                    Assert.False(safe.StartsWith('.') || safe.EndsWith('.'), safe);
                    Assert.DoesNotContain(safe.Split('.')[0].ToLowerInvariant(), Devices);
                    Assert.Equal(safe, FileNames.Safe(safe)[..safe.Length]);
                },
                iter: 3000,
                threads: 1
            );

    [Fact]
    public void NameInAnotherCase_IsTakenOnSystemsWhereCaseDoesNotCount()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(RunDirectory.New(folder.Root, "LeNet", new FixedClock()));
        Assert.Equal(folder["lenet_Oct24_19-52-12_2"], RunDirectory.New(folder.Root, "lenet", new FixedClock()));
    }

    private sealed class FixedClock : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => new(2026, 10, 24, 19, 52, 12, TimeSpan.Zero);
    }
}
