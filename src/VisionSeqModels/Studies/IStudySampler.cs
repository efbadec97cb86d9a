namespace VisionSeqModels.Studies;

/// <summary>Chooses what a search tries next, from what it has seen: <see cref="Ask"/> gives a point, <see cref="Tell"/> says
/// what came of one. <see cref="TpeSampler"/> is one; see <c>StudyPlanBuilder.Search</c>.</summary>
/// <remarks>A point has a number for each factor: of a range the value, of given values the index, from 0. A study that is
/// resumed makes no difference to a sampler whose answer depends on what was said to it, in order, and on the generator
/// that it is given, alone. One thread at a time uses a sampler. It serves one study: a new one is made for each.</remarks>
public interface IStudySampler
{
    /// <summary>The next point to try.</summary>
    /// <param name="space">The factors.</param>
    /// <param name="random">Random numbers: a function of the search's seed and of how many points were asked for
    /// before.</param>
    /// <returns>A number for each factor, within its range. A point that was tried is asked for again, with further random
    /// numbers.</returns>
    IReadOnlyList<double> Ask(IReadOnlyList<StudyDimension> space, Random random);

    /// <summary>What came of a point. Points come in the order in which they ended; after a resume those of before come
    /// first, in the order in which they were asked for.</summary>
    /// <param name="point">The point, as it was tried: values of ranges are rounded to three digits.</param>
    /// <param name="score">The mean of the study's metric over the point's trials, with the sign that makes more better;
    /// null where none ended with a finite one.</param>
    void Tell(IReadOnlyList<double> point, double? score);
}
