namespace VisionSeqModels.Samples.Serve;

/// <summary>The page, and the files that it asks for, out of the assembly.</summary>
internal static class PageFiles
{
    private static readonly Dictionary<string, string> Types = new(StringComparer.Ordinal)
    {
        ["page.css"] = "text/css",
        ["page.js"] = "text/javascript",
        ["drawing.js"] = "text/javascript",
    };

    /// <summary>The files that the page asks for.</summary>
    public static IEnumerable<string> Others => Types.Keys;

    public static IResult Page(HttpContext context)
    {
        context.Response.Headers.ContentSecurityPolicy = "default-src 'self'; img-src 'self' blob: data:";
        return Results.Stream(Open("page.html"), "text/html; charset=utf-8");
    }

    public static IResult Other(string name) => Results.Stream(Open(name), $"{Types[name]}; charset=utf-8");

    private static Stream Open(string name) => typeof(PageFiles).Assembly.GetManifestResourceStream(name)!;
}
