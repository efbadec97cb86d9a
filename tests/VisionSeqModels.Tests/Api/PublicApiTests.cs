using PublicApiGenerator;
using VisionSeqModels.Core;

namespace VisionSeqModels.Tests.Api;

/// <summary>Everything that a user can see stands on one page: what changes there is meant to.</summary>
public sealed class PublicApiTests
{
    private const string Accept = "VISIONSEQ_APPROVE";
    private static readonly string Approved = Path.Combine(
        Repository.Root,
        "tests",
        "VisionSeqModels.Tests",
        "Api",
        "PublicApi.approved.txt"
    );

    [Fact]
    public void PublicSurface_IsTheApprovedOne()
    {
        string actual =
            typeof(Trainer)
                .Assembly.GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false })
                .ReplaceLineEndings("\n")
                .TrimEnd() + "\n";
        if (Environment.GetEnvironmentVariable(Accept) == "1")
        {
            AtomicFile.WriteAllText(Approved, actual);
        }

        string approved = File.Exists(Approved) ? File.ReadAllText(Approved).ReplaceLineEndings("\n") : "";
        string[] added = [.. actual.Split('\n').Except(approved.Split('\n')).Select(line => $"+ {line.Trim()}")];
        string[] gone = [.. approved.Split('\n').Except(actual.Split('\n')).Select(line => $"- {line.Trim()}")];
        Assert.True(
            actual == approved,
            $"The public surface has changed:\n{string.Join('\n', [.. gone, .. added])}\nIf it is meant, run this "
                + $"test once with the environment variable {Accept}=1 and commit {Path.GetFileName(Approved)}."
        );
    }
}
