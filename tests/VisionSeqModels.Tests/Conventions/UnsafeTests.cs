using System.Text.RegularExpressions;

namespace VisionSeqModels.Tests.Conventions;

/// <summary>Code that works with addresses is in one place, with a page that explains it.</summary>
public sealed partial class UnsafeTests
{
    [Fact]
    public void UnsafeCode_IsInTheKernelsAlone()
    {
        string[] files =
        [
            .. SourceFiles.In("src").Where(file => SourceFiles.Lines(file).Any(line => Keyword().IsMatch(line.Text))),
        ];

        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.StartsWith("src/VisionSeqModels/Kernels/", file, StringComparison.Ordinal));
    }

    [GeneratedRegex(@"^[^/]*\bunsafe\b(?! code)")]
    private static partial Regex Keyword();
}
