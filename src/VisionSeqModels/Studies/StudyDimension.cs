namespace VisionSeqModels.Studies;

/// <summary>A factor as an <see cref="IStudySampler"/> sees it: a range of numbers, or some values by their index.</summary>
/// <remarks>It is also the search's prior. Each value is as likely as any other. Each part of a range is as likely as any
/// other of its length; on a logarithmic range the length is that of the logarithms.</remarks>
public sealed class StudyDimension
{
    internal StudyDimension(string name, double from, double to, bool isLogarithmic, int? choices) =>
        (Name, From, To, IsLogarithmic, Choices) = (name, from, to, isLogarithmic, choices);

    /// <summary>The factor's name.</summary>
    public string Name { get; }

    /// <summary>The least value; of given values 0.</summary>
    public double From { get; }

    /// <summary>The largest value; of given values the last index.</summary>
    public double To { get; }

    /// <summary>Whether the range's logarithms are evenly spread.</summary>
    public bool IsLogarithmic { get; }

    /// <summary>How many values there are; null for a range.</summary>
    public int? Choices { get; }

    /// <summary>Makes a range of numbers.</summary>
    /// <param name="name">The factor's name.</param>
    /// <param name="from">The least value.</param>
    /// <param name="to">The largest value, above the least.</param>
    /// <param name="isLogarithmic">Whether its logarithms are evenly spread; then the least must be above 0.</param>
    public static StudyDimension Range(string name, double from, double to, bool isLogarithmic = false)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(from, to);
        if (isLogarithmic)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(from);
        }

        return new StudyDimension(name, from, to, isLogarithmic, choices: null);
    }

    /// <summary>Makes a factor of given values.</summary>
    /// <param name="name">The factor's name.</param>
    /// <param name="count">How many values, at least 1.</param>
    public static StudyDimension Values(string name, int count)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return new StudyDimension(name, 0, count - 1, isLogarithmic: false, count);
    }

    /// <summary>Draws a value of the prior.</summary>
    /// <param name="random">The random numbers; one is taken.</param>
    public double Draw(Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        return Choices is int count ? random.Next(count) : ValueAt(random.NextDouble());
    }

    /// <summary>The value of a range at a place from 0 to 1.</summary>
    internal double ValueAt(double place) => IsLogarithmic ? From * Math.Pow(To / From, place) : From + ((To - From) * place);

    /// <summary>The place of a range's value, from 0 to 1.</summary>
    internal double PlaceOf(double value) =>
        Math.Clamp(IsLogarithmic ? Math.Log(value / From) / Math.Log(To / From) : (value - From) / (To - From), 0, 1);
}
