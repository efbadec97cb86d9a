using static TorchSharp.torch;

namespace VisionSeqModels.Optimization;

/// <summary>Sets the learning rate of every parameter group before a step: its own rate, times the schedule's factor, times
/// the callbacks' scale.</summary>
internal sealed class LearningRates(optim.Optimizer optimizer, LearningRateSchedule schedule, TrainingPlan plan)
{
    private readonly (optim.ILearningRateController Group, double Rate)[] _groups =
    [
        .. optimizer.ParamGroups.Select(group => (group, group.LearningRate)),
    ];

    public void Apply(long step, double scale)
    {
        double factor = schedule.FactorAt(step, plan) * scale;
        foreach (var (group, rate) in _groups)
        {
            group.LearningRate = rate * factor;
        }
    }
}
