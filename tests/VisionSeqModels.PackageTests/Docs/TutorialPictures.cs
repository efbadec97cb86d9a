namespace VisionSeqModels.Tests.Docs;

/// <summary>The pictures of a page under docs/images/tutorials, each in the folder of the program that makes it.</summary>
internal static class TutorialPictures
{
    private const long MostBytes = 60_000;

    /// <summary>With this variable set, the pictures of the repository are made again.</summary>
    private const string Variable = "VISIONSEQ_TUTORIAL_PICTURES";

    /// <summary>Each picture is one that the program makes, and small.</summary>
    public static void Check(CodeBlock program, string folder)
    {
        string pictures = Path.Combine(PackedLibrary.Repository, "docs", "images", "tutorials", program.Program);
        foreach (string picture in Directory.Exists(pictures) ? Directory.GetFiles(pictures) : [])
        {
            string? made = Directory
                .GetFiles(folder, Path.GetFileName(picture), SearchOption.AllDirectories)
                .MinBy(path => path.Length);
            Assert.True(made is not null, $"The program '{program.Program}' makes no {Path.GetFileName(picture)}.");
            if (Environment.GetEnvironmentVariable(Variable) is not null)
            {
                File.Copy(made, picture, overwrite: true);
            }

            long bytes = new FileInfo(picture).Length;
            Assert.True(bytes <= MostBytes, $"{picture} has {bytes} bytes; a page's picture has at most {MostBytes}.");
        }
    }
}
