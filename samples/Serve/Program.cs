// An HTTP service that classifies posted images through ONNX Runtime. Nothing of libtorch is deployed with it.
using VisionSeqModels.Samples.Serve;

return ServeCommand.Run(args, Serve);

static int Serve(ServeOptions options)
{
    using var model = OnnxClassifier.Load(options); // a file that cannot be served ends the program before it listens
    var builder = WebApplication.CreateSlimBuilder();
    builder.WebHost.UseUrls(options.Url);
    builder.WebHost.ConfigureKestrel(kestrel =>
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = options.MaxBytes;
        kestrel.Limits.MaxConcurrentConnections = options.Connections;
    });
    builder.Services.AddSingleton(options);
    builder.Services.AddSingleton(model); // one for the process: any number of threads may use it at once
    builder.Services.AddSingleton<WorkQueue>();
    builder.Services.AddSingleton<Readiness>();
    builder.Services.AddSingleton<ClassifyEndpoint>();
    builder.Services.AddProblemDetails();
    builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(10));
    builder.Logging.ClearProviders().AddSimpleConsole(console => console.SingleLine = true);
    builder.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);

    var app = builder.Build();
    app.UseExceptionHandler();
    app.MapPost("/classify", (ClassifyEndpoint endpoint, HttpContext context) => endpoint.Answer(context));
    app.MapGet("/model", () => model.Description);
    app.MapGet("/health/live", () => "live");
    app.MapGet("/health/ready", (Readiness readiness) => readiness.Answer());
    app.MapGet("/", PageFiles.Page);
    foreach (string name in PageFiles.Others)
    {
        app.MapGet($"/{name}", () => PageFiles.Other(name));
    }

    app.Services.GetRequiredService<Readiness>().WarmUp();
    app.Run(); // until Ctrl+C or SIGTERM; requests under way are answered first
    return 0;
}
