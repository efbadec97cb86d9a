namespace VisionSeqModels.Tests;

/// <summary>How a sample ended, and what it wrote.</summary>
internal sealed record SampleResult(int ExitCode, string Output, string Error)
{
    public void AssertDone()
    {
        Assert.True(ExitCode == 0, $"exit code {ExitCode}\n{Output}\n{Error}");
        Assert.Equal("", Error);
    }

    /// <summary>One sentence on standard error, without a stack trace.</summary>
    public void AssertFailed(int exitCode, params string[] parts)
    {
        Assert.True(ExitCode == exitCode, $"exit code {ExitCode} instead of {exitCode}\n{Output}\n{Error}");
        Assert.DoesNotContain("   at ", Error, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', Error);
        Assert.All(parts, part => Assert.Contains(part, Error, StringComparison.Ordinal));
    }
}
