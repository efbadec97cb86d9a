using static TorchSharp.torch;

namespace VisionSeqModels.Optimization;

/// <summary>Sets the learning rate of every parameter group before a step: its own rate, or the one that it was
/// unfrozen with, times the schedule's factor, times the callbacks' scale.</summary>
internal sealed class LearningRates(
    optim.Optimizer optimizer,
    LearningRateSchedule schedule,
    TrainingPlan plan,
    Freezer? freezer = null
)
{
    private readonly List<(optim.ILearningRateController Group, double Rate)> _groups = [];

    public void Apply(long step, double scale)
    {
        if (_groups.Count < optimizer.ParamGroups.Count())
        {
            // at the start, and when a callback added a group
            _groups.AddRange(optimizer.ParamGroups.Skip(_groups.Count).Select(group => (group, group.LearningRate)));
        }

        double factor = schedule.FactorAt(step, plan) * scale;
        for (int i = 0; i < _groups.Count; i++)
        {
            var (group, rate) = _groups[i];
            group.LearningRate = (freezer?.RateOf(i) ?? rate) * factor;
        }
    }
}
