namespace VisionSeqModels.Samples.Serve;

/// <summary>Whether requests should be sent here: once the model has answered for the first time, and until the program is
/// asked to stop.</summary>
internal sealed class Readiness(OnnxClassifier model, IHostApplicationLifetime lifetime, ILogger<Readiness> logger)
{
    private volatile bool _isWarm;

    /// <summary>Runs the model once, so that the first request does not wait for it.</summary>
    public void WarmUp()
    {
        long begin = TimeProvider.System.GetTimestamp();
        model.Run(new byte[model.Preparation.Channels * model.Preparation.Height * model.Preparation.Width]);
        _isWarm = true;
        logger.LogInformation(
            "The model answers in {Milliseconds:0.0} ms the first time",
            TimeProvider.System.GetElapsedTime(begin).TotalMilliseconds
        );
    }

    public IResult Answer() =>
        _isWarm && !lifetime.ApplicationStopping.IsCancellationRequested
            ? Results.Text("ready")
            : Results.Text("not ready", statusCode: StatusCodes.Status503ServiceUnavailable);
}
