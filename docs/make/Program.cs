using VisionSeqModels.DocsMake;

const string Usage = """
    Makes the documentation's site and illustrations. In the repository's root:

      dotnet run -c Release --project docs/make -- site          the site, in artifacts/site/html
      dotnet run -c Release --project docs/make -- illustrations       the illustrations, their stamps, and which are stale
      dotnet run -c Release --project docs/make -- make NAME ... makes illustrations again and stamps them
      dotnet run -c Release --project docs/make -- terminal FILE.svg COMMAND ...   what a command prints, as a picture
    """;

try
{
    var repository = Repository.Find();
    return args switch
    {
        ["site"] => Site.Build(repository),
        ["illustrations"] => Illustrations.List(repository),
        ["terminal", _, _, ..] => TerminalPicture.Draw(repository, args[1], args[2..]),
        ["make", _, ..] => Illustrations.Make(repository, args[1..]),
        _ => Fail(Usage, 2),
    };
}
catch (Exception e) when (e is IOException or InvalidOperationException or UnauthorizedAccessException)
{
    return Fail(e.Message, 1);
}

static int Fail(string message, int exitCode)
{
    Console.Error.WriteLine(message);
    return exitCode;
}
