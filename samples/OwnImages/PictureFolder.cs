namespace VisionSeqModels.Samples.OwnImages;

/// <summary>The folder of pictures: that of <c>--data-dir</c>, or a drawn one in the run folder.</summary>
internal static class PictureFolder
{
    public static string Of(SampleRun run)
    {
        var arguments = run.Arguments;
        if (arguments.Data is not ("auto" or "synthetic"))
        {
            throw new ArgumentException(
                $"This sample reads pictures from --data-dir, or draws them (--data synthetic), but --data is {arguments.Data}."
            );
        }

        if (arguments.Data == "auto" && arguments.DataDirectory is string folder)
        {
            return folder;
        }

        Console.WriteLine("Data: drawn pictures; --data-dir names a folder with your own.");
        string drawn = run.In("pictures");
        DrawnPictures.Write(drawn, countPerClass: arguments.Quick ? 80 : 300, arguments.Seed, run.CancellationToken);
        return drawn;
    }
}
