namespace VisionSeqModels.Samples.Serve;

/// <summary>Answers a posted picture. What goes wrong becomes one sentence as application/problem+json.</summary>
internal sealed class ClassifyEndpoint(
    OnnxClassifier model,
    WorkQueue queue,
    ServeOptions options,
    ILogger<ClassifyEndpoint> logger
)
{
    private const string AnyBytes = "application/octet-stream";

    public async Task<IResult> Answer(HttpContext context)
    {
        var request = context.Request;
        string type = request.ContentType?.Split(';')[0].Trim() ?? "";
        if (
            !type.StartsWith("image/", StringComparison.OrdinalIgnoreCase)
            && !type.Equals(AnyBytes, StringComparison.OrdinalIgnoreCase)
        )
        {
            return Problem(415, $"Post a picture's bytes with the content type image/… or {AnyBytes}, not '{type}'.");
        }

        byte[] body;
        try
        {
            body = await ReadBody(request, context.RequestAborted);
        }
        catch (BadHttpRequestException e) when (e.StatusCode == 413)
        {
            return Problem(413, $"The body must have at most {options.MaxBytes} bytes.");
        }

        try
        {
            var answer = await queue.Run(() => Classify(body), context.RequestAborted);
            if (answer is not null)
            {
                return Results.Json(answer);
            }

            logger.LogWarning("Refused: {Queue} requests are waiting", options.Queue);
            context.Response.Headers.RetryAfter = "1";
            return Problem(503, "The service is busy. Try again in a second.");
        }
        catch (UnreadableImageException e)
        {
            return Problem(400, e.Message);
        }
    }

    private ClassifyAnswer Classify(byte[] body) =>
        ClassifyAnswer.Of(model.Description.Classes, model.Run(model.Preparation.Decode(body, options.MaxPixels)));

    /// <summary>Kestrel ends the reading at the limit with 413.</summary>
    private static async Task<byte[]> ReadBody(HttpRequest request, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream((int)Math.Min(request.ContentLength ?? 0, 1 << 20));
        await request.Body.CopyToAsync(body, cancellationToken);
        return body.ToArray();
    }

    private static IResult Problem(int status, string sentence) => Results.Problem(detail: sentence, statusCode: status);
}
