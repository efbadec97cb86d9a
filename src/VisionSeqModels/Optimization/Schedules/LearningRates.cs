using static TorchSharp.torch;

namespace VisionSeqModels.Optimization;

/// <summary>Sets the learning rate of every parameter group before a step: its own rate, times the schedule's factor, times
/// the callbacks' scale.</summary>
internal sealed class LearningRates(optim.Optimizer optimizer, LearningRateSchedule schedule, TrainingPlan plan)
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
        foreach (var (group, rate) in _groups)
        {
            group.LearningRate = rate * factor;
        }
    }
}
