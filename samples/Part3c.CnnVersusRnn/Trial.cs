using VisionSeqModels;
using VisionSeqModels.Visualization;
using static TorchSharp.torch;

/// <summary>One model, trained.</summary>
internal sealed record Trial(string Name, nn.Module<Tensor, Tensor> Model, TrainingHistory History, string Folder, Device Device)
    : IDisposable
{
    public long Parameters { get; } = Model.parameters().Sum(parameter => parameter.numel());

    public double TestAccuracy => History["test_accuracy"][^1];

    /// <summary>The median epoch, since the first one has to warm up.</summary>
    public double SecondsAnEpoch => History.Epochs.Select(epoch => epoch.Seconds).Order().ElementAt(History.Epochs.Count / 2);

    public double SamplesASecond =>
        History.Epochs.Select(epoch => epoch.SamplesPerSecond).Order().ElementAt(History.Epochs.Count / 2);

    public double AccuracyOn(ImageDataset test) =>
        new Trainer(new TrainerOptions { Device = Device.ToString() }).Evaluate(Model, test).Metrics["accuracy"];

    public ConfusionMatrix Confusion(ImageDataset test) => ConfusionMatrix.Measure(Model, test);

    public void Dispose() => Model.Dispose();
}
