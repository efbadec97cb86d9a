using VisionSeqModels.Training;

namespace VisionSeqModels.Benchmarks.Compare;

/// <summary>Makes a <c>Trainer.Fit</c> wait for its device whenever <see cref="FitBlocks"/> reads the clock; it stands before it
/// among the callbacks.</summary>
/// <param name="plan">How much is run.</param>
/// <param name="wait">Waits until the device has done its work.</param>
internal sealed class FitWaits(BlockPlan plan, Action wait) : Callback
{
    private int _step = -(plan.Steps / 2); // 0: the first block begins

    /// <summary>Called once in each step of the trainer.</summary>
    public override void OnStepEnd(StepEndEvent e)
    {
        _step++;
        int place = _step % (plan.Settling + plan.Steps);
        if (_step >= 0 && (place == plan.Settling || place == 0))
        {
            wait();
        }
    }
}
