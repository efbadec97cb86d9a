using VisionSeqModels.Samples;

/// <summary>How much is trained, and from which base.</summary>
/// <param name="LeNetEpochs">Of the LeNet study.</param>
/// <param name="RnnEpochs">Of the RNN study.</param>
/// <param name="GatedEpochs">Of LSTM and GRU, and of the LeNet that is compared with them.</param>
/// <param name="FewEpochs">On permuted images, and of LSTM and GRU by SGD; compared with as many epochs of the others.</param>
/// <param name="OtherUnits">The hidden sizes that are compared with 128.</param>
/// <param name="Base">What each base has.</param>
internal sealed record HomeworkSize(
    int LeNetEpochs,
    int RnnEpochs,
    int GatedEpochs,
    int FewEpochs,
    IReadOnlyList<int> OtherUnits,
    Setting Base
)
{
    public static HomeworkSize Of(SampleArguments arguments) =>
        new(
            Math.Min(arguments.Epochs, arguments.Quick ? 4 : int.MaxValue),
            arguments.Epochs,
            Math.Min(arguments.Epochs, arguments.Quick ? 4 : 6),
            Math.Min(arguments.Epochs, 3),
            arguments.Quick ? [32, 64] : [256, 64],
            new Setting { LearningRate = arguments.LearningRate, BatchSize = arguments.BatchSize }
        );
}
