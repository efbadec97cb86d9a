using VisionSeqModels.Samples;

/// <summary>How much is trained.</summary>
/// <param name="Epochs">Of the LeNet and the RNN studies.</param>
/// <param name="GatedEpochs">Of LSTM and GRU, and of the LeNet that is compared with them.</param>
/// <param name="FewEpochs">On permuted images, and of LSTM and GRU by SGD; compared with as many epochs of the others.</param>
internal sealed record HomeworkSize(int Epochs, int GatedEpochs, int FewEpochs)
{
    public static HomeworkSize Of(SampleArguments arguments) =>
        new(arguments.Epochs, Math.Min(arguments.Epochs, 6), Math.Min(arguments.Epochs, 3));
}
