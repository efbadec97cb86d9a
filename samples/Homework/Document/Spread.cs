using System.Globalization;

/// <summary>A number over the seeds: its mean and, where there are several, the standard deviation of the sample.</summary>
internal sealed record Spread(IReadOnlyList<double> Values)
{
    public static Spread Of(IEnumerable<double?> values) => new([.. values.OfType<double>().Where(double.IsFinite)]);

    public double Mean => Values.Count > 0 ? Values.Average() : double.NaN;

    /// <summary>An accuracy or a loss.</summary>
    public string Text => Format("f4", value => value);

    /// <summary>A fraction in percent.</summary>
    public string Percent => Values.Count == 0 ? "" : $"{Format("f2", value => 100 * value)} %";

    /// <summary>A difference of fractions in points of a percent.</summary>
    public string Points => Format("+0.00;−0.00;0.00", value => 100 * value, "f2");

    private double Deviation => Math.Sqrt(Values.Sum(value => Math.Pow(value - Mean, 2)) / (Values.Count - 1));

    private string Format(string format, Func<double, double> scale, string? deviation = null) =>
        Values.Count switch
        {
            0 => "",
            1 => scale(Mean).ToString(format, CultureInfo.InvariantCulture),
            _ => scale(Mean).ToString(format, CultureInfo.InvariantCulture)
                + $" ± {scale(Deviation).ToString(deviation ?? format, CultureInfo.InvariantCulture)}",
        };
}
