using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using VisionSeqModels.Data;
using VisionSeqModels.Training;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Training;

/// <summary>A trainer inside a host (Microsoft.Extensions.Hosting): its logger, its shutdown, its scopes.</summary>
[Collection("Torch")]
public sealed class HostTests
{
    private static readonly TrainerOptions Options = new()
    {
        Epochs = 2,
        BatchSize = 16,
        Seed = 1,
        Device = "cpu",
    };

    [Fact]
    public async Task AHostedTrainer_LogsToTheHostsLogger_UnderItsOwnCategory()
    {
        var log = new LogOfCategories();
        using var host = NewHost(log, Options, (trainer, stop) => Fit(trainer, 1, stop));

        await host.StartAsync();
        await host.Services.GetRequiredService<TrainingService>().Done;
        await host.StopAsync();

        Assert.Equal(4, log.Of("VisionSeqModels.Trainer").Count); // start, two epochs, end
        Assert.DoesNotContain(log.Categories, category => category != "VisionSeqModels.Trainer" && IsOwn(category));
    }

    [Fact]
    public async Task ShutdownOfTheHost_EndsTheRunBetweenTwoSteps_AndTheNextHostResumesIt()
    {
        using var folder = new TempFolder();
        var log = new LogOfCategories();
        var options = Options with { Epochs = 100_000, RunDirectory = folder["run"] };
        using (var host = NewHost(log, options, (trainer, stop) => Fit(trainer, 1, stop)))
        {
            var service = host.Services.GetRequiredService<TrainingService>();
            await host.StartAsync();
            await service.FirstStep;
            await host.StopAsync();
            Assert.Equal(StopReason.Cancelled, (await service.Done).StopReason);
        }

        int epochs = TrainingHistory.Load(folder["run"]).Epochs.Count(epoch => !epoch.IsPartial);
        using var next = NewHost(
            log,
            options with
            {
                Epochs = epochs + 1,
            },
            (trainer, stop) =>
            {
                using var model = TinyModel.Create();
                using var data = new TinyData(64, 1);
                return trainer.Resume(folder["run"], model, Named(data, 1), cancellationToken: stop);
            }
        );
        await next.StartAsync();
        var history = await next.Services.GetRequiredService<TrainingService>().Done;
        await next.StopAsync();

        Assert.Equal(StopReason.Completed, history.StopReason);
        Assert.Equal(epochs + 1, history.Epochs.Count);
    }

    [Fact]
    public async Task TwoScopesAtOnce_LogToTheirOwnLoggers_AndTrainToTheSameBitsAsAlone()
    {
        var alone = new[] { Fit(new Trainer(Options), 1), Fit(new Trainer(Options), 2) };
        var logs = new[] { new LogOfCategories(), new LogOfCategories() };
        var services = new ServiceCollection()
            .AddScoped<CurrentLog>()
            .AddScoped(scope => new Trainer(Options, scope.GetRequiredService<CurrentLog>().Log!.CreateLogger("own")));
        await using var provider = services.BuildServiceProvider(validateScopes: true);
        using var first = TinyModel.Create(1); // here: the seed of new weights is the process's
        using var second = TinyModel.Create(2);
        var models = new[] { first, second };

        var together = await Task.WhenAll(
            Enumerable
                .Range(0, 2)
                .Select(i =>
                    Task.Factory.StartNew(
                        () =>
                        {
                            using var scope = provider.CreateScope();
                            scope.ServiceProvider.GetRequiredService<CurrentLog>().Log = logs[i];
                            var trainer = scope.ServiceProvider.GetRequiredService<Trainer>();
                            return Fit(trainer, models[i], i + 1);
                        },
                        TaskCreationOptions.LongRunning
                    )
                )
        );

        Assert.All(Enumerable.Range(0, 2), i => Assert.Equal(alone[i]["train_loss"], together[i]["train_loss"]));
        Assert.All(
            Enumerable.Range(0, 2),
            i => Assert.All(logs[i].Of("own").Where(IsAboutData), line => Assert.Contains(NameOf(i + 1), line))
        );
        Assert.All(logs, log => Assert.Contains(log.Of("own"), IsAboutData));
    }

    private static bool IsOwn(string category) => category.StartsWith("VisionSeqModels", StringComparison.Ordinal);

    private static bool IsAboutData(string line) => line.Contains("data-", StringComparison.Ordinal);

    private static string NameOf(int seed) => $"data-{seed}";

    private static TrainingHistory Fit(Trainer trainer, int seed, CancellationToken stop = default)
    {
        using var model = TinyModel.Create(seed);
        return Fit(trainer, model, seed, stop);
    }

    private static TrainingHistory Fit(
        Trainer trainer,
        nn.Module<Tensor, Tensor> model,
        int seed,
        CancellationToken stop = default
    )
    {
        using var data = new TinyData(64, seed);
        return trainer.Fit(model, Named(data, seed), cancellationToken: stop);
    }

    private static IBatchSource Named(TinyData data, int seed) => BatchSource.From(NameOf(seed), data.Read, 64);

    /// <summary>As an application puts it together.</summary>
    private static IHost NewHost(
        LogOfCategories log,
        TrainerOptions options,
        Func<Trainer, CancellationToken, TrainingHistory> train
    )
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.AddProvider(log);
        builder.Services.AddSingleton(options);
        builder.Services.AddTransient(services => new Trainer(
            services.GetRequiredService<TrainerOptions>(),
            services.GetRequiredService<ILogger<Trainer>>()
        ));
        builder.Services.AddSingleton(train);
        builder.Services.AddSingleton<TrainingService>();
        builder.Services.AddHostedService(services => services.GetRequiredService<TrainingService>());
        return builder.Build();
    }

    private sealed class TrainingService(Trainer trainer, Func<Trainer, CancellationToken, TrainingHistory> train)
        : BackgroundService
    {
        private readonly TaskCompletionSource<TrainingHistory> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _firstStep = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<TrainingHistory> Done => _done.Task;

        public Task FirstStep => _firstStep.Task;

        protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
            Task.Run(
                () =>
                {
                    try
                    {
                        trainer.Callbacks.Add(new FirstStepCallback(_firstStep));
                        _done.SetResult(train(trainer, stoppingToken));
                    }
                    catch (Exception e)
                    {
                        _done.SetException(e);
                    }
                },
                CancellationToken.None
            );
    }

    private sealed class FirstStepCallback(TaskCompletionSource reached) : Callback
    {
        public override void OnStepEnd(StepEndEvent e) => reached.TrySetResult();
    }

    private sealed class CurrentLog
    {
        public LogOfCategories? Log { get; set; }
    }

    private sealed class LogOfCategories : ILoggerProvider
    {
        private readonly List<(string Category, string Text)> _entries = [];

        public IReadOnlyList<string> Categories => [.. Copy().Select(entry => entry.Category).Distinct()];

        public ILogger CreateLogger(string categoryName) => new Writer(this, categoryName);

        public IReadOnlyList<string> Of(string category) =>
            [.. Copy().Where(entry => entry.Category == category).Select(entry => entry.Text)];

        public void Dispose() { }

        private List<(string Category, string Text)> Copy()
        {
            lock (_entries)
            {
                return [.. _entries];
            }
        }

        private sealed class Writer(LogOfCategories log, string category) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(
                LogLevel logLevel,
                EventId eventId,
                TState state,
                Exception? exception,
                Func<TState, Exception?, string> formatter
            )
            {
                lock (log._entries)
                {
                    log._entries.Add((category, formatter(state, exception)));
                }
            }
        }
    }
}
