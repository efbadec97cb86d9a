using TorchSharp;
using VisionSeqModels;
using VisionSeqModels.Training;
using static TorchSharp.torch;

/// <summary>Reports after each epoch how far the weights moved in it; its stage is Report.</summary>
#pragma warning disable CA1001 // the copy lives from OnFitStart to OnFitEnd, which always comes
internal sealed class WeightChange(TextWriter writer) : Callback
#pragma warning restore CA1001
{
    private Tensor? _before;

    public override CallbackStage Stage => CallbackStage.Report;

    public override void OnFitStart(FitStartEvent e) => _before = Weights(e.Context);

    // Between epochs reading from the device is fine; in OnStepEnd it would make every step wait.
    public override void OnEpochEnd(EpochEndEvent e)
    {
        using var scope = NewDisposeScope();
        var now = Weights(e.Context);
        double fraction = ((now - _before!).norm() / _before!.norm()).ToDouble();
        writer.WriteLine($"  the weights moved by {fraction:p1} of their length");
        _before!.Dispose();
        _before = now;
    }

    public override void OnFitEnd(FitEndEvent e) => _before?.Dispose();

    /// <summary>A copy of all weights in one vector, kept out of every dispose scope.</summary>
    private static Tensor Weights(FitContext context)
    {
        using var scope = NewDisposeScope();
        return cat([.. context.Model.parameters().Select(parameter => parameter.detach().flatten())]).DetachFromDisposeScope();
    }
}
