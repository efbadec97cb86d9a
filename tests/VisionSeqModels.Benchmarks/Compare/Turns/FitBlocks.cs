using System.Diagnostics;
using VisionSeqModels.Training;

namespace VisionSeqModels.Benchmarks.Compare;

/// <summary>Lets the others have their turns within a <c>Trainer.Fit</c>, on its thread, and times the steps between
/// them.</summary>
/// <remarks>The end of an epoch falls within a block, once a round: it is part of Fit's time.</remarks>
/// <param name="plan">How much is run.</param>
/// <param name="others">The others, numbered from 1; Fit is 0.</param>
/// <param name="times">Where the times go.</param>
internal sealed class FitBlocks(BlockPlan plan, IReadOnlyList<IContender> others, BlockTimes times) : Callback
{
    private readonly IEnumerator<(int Round, int Number)> _turns = plan.Turns(others.Count + 1, seed: 1).GetEnumerator();
    private int _step = -(plan.Steps / 2) - 1; // below 0: before the first block
    private long _begin;

    /// <summary>Called once in each step of the trainer.</summary>
    public override void OnStepEnd(StepEndEvent e)
    {
        _step++;
        if (_step == plan.Settling)
        {
            _begin = Stopwatch.GetTimestamp();
        }
        else if (_step == plan.Settling + plan.Steps)
        {
            times.Add(_turns.Current, Stopwatch.GetElapsedTime(_begin).TotalSeconds);
            HandOver(e);
        }
        else if (_step == -1)
        {
            HandOver(e);
        }
    }

    /// <summary>The others' turns until the next one of Fit.</summary>
    private void HandOver(StepEndEvent e)
    {
        while (_turns.MoveNext())
        {
            if (_turns.Current.Number == 0)
            {
                _step = 0;
                _begin = Stopwatch.GetTimestamp();
                return;
            }

            times.Add(_turns.Current, others[_turns.Current.Number - 1].Run(plan.Settling, plan.Steps));
        }

        e.Context.RequestStop("measured");
    }
}
