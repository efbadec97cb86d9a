using System.Globalization;

namespace VisionSeqModels.Training;

/// <summary>Where in a run a rank is when it exchanges something: all ranks must be at the same place.</summary>
/// <param name="Phase">What it does.</param>
/// <param name="Epoch">The epoch, from 1; 0 before the first.</param>
/// <param name="Number">The step, or the batch.</param>
internal readonly record struct RankPlace(RankPhase Phase, int Epoch = 0, int Number = 0)
{
    /// <summary>Parts of a number that all ranks compare.</summary>
    public long ToNumber() => ((long)Phase << 60) | ((long)(Epoch & 0xFFFFFFF) << 32) | (uint)Number;

    public static RankPlace FromNumber(long number) =>
        new((RankPhase)((number >> 60) & 0xF), (int)((number >> 32) & 0xFFFFFFF), (int)number);

    public override string ToString() =>
        Phase switch
        {
            RankPhase.Start => "the start",
            RankPhase.Step => string.Create(CultureInfo.InvariantCulture, $"step {Number} of epoch {Epoch}"),
            RankPhase.StepDone => string.Create(CultureInfo.InvariantCulture, $"the end of step {Number} of epoch {Epoch}"),
            RankPhase.Evaluation => string.Create(CultureInfo.InvariantCulture, $"batch {Number} of an evaluation"),
            _ => string.Create(CultureInfo.InvariantCulture, $"the end of epoch {Epoch}"),
        };
}
