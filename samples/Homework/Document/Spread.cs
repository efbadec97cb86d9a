using System.Globalization;

/// <summary>A number over the seeds: its mean and, where there are several, the standard deviation of the sample.</summary>
internal sealed record Spread(IReadOnlyList<double> Values)
{
    private const string Plain = "f4";

    public static Spread Of(IEnumerable<double?> values) => new([.. values.OfType<double>().Where(double.IsFinite)]);

    public double Mean => Values.Count > 0 ? Values.Average() : double.NaN;

    /// <summary>An accuracy or a loss.</summary>
    public string Text => Format(Plain);

    /// <summary>A difference of accuracies, with its sign.</summary>
    public string Difference => Format("+0.0000;-0.0000;0.0000");

    private double Deviation => Math.Sqrt(Values.Sum(value => Math.Pow(value - Mean, 2)) / (Values.Count - 1));

    private string Format(string format) =>
        Values.Count switch
        {
            0 => "",
            1 => Mean.ToString(format, CultureInfo.InvariantCulture),
            _ => Mean.ToString(format, CultureInfo.InvariantCulture)
                + $" ± {Deviation.ToString(Plain, CultureInfo.InvariantCulture)}",
        };
}
