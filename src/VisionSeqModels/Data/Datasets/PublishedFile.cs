namespace VisionSeqModels.Data;

/// <summary>A file as its authors publish it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Home">The address of the folder that has it, with a slash at the end.</param>
/// <param name="Md5">Its MD5 sum in lower-case hexadecimal digits, as published.</param>
/// <param name="MostBytes">More than it has: where a download goes on beyond that, something else is sent.</param>
internal sealed record PublishedFile(string Name, Uri Home, string Md5, long MostBytes = 50_000_000)
{
    public Uri AddressAt(Uri? mirror) => new(mirror ?? Home, Name);
}
