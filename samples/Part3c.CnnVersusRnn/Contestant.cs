using VisionSeqModels;
using VisionSeqModels.Runs;
using VisionSeqModels.Visualization;
using static TorchSharp.torch;

/// <summary>One model, trained.</summary>
internal sealed record Contestant(string Name, nn.Module<Tensor, Tensor> Model, TrainingHistory History, string Folder)
    : IDisposable
{
    private readonly TrainerOptions _device = new() { Device = Model.parameters().First().device.ToString() };

    public long Parameters { get; } = Model.parameters().Sum(parameter => parameter.numel());

    public double TestAccuracy => History["test_accuracy"][^1];

    public double SecondsAnEpoch => TypicalEpoch.Seconds;

    public double SamplesASecond => TypicalEpoch.SamplesPerSecond;

    /// <summary>The epoch of median speed (of two, the quicker): the first one has to warm up.</summary>
    private EpochRecord TypicalEpoch => History.Epochs.OrderBy(epoch => epoch.Seconds).ElementAt((History.Epochs.Count - 1) / 2);

    public double AccuracyOn(ImageDataset test) => new Trainer(_device).Evaluate(Model, test).Metrics["accuracy"];

    public ConfusionMatrix Confusion(ImageDataset test) => ConfusionMatrix.Measure(Model, test);

    public void Dispose() => Model.Dispose();
}
