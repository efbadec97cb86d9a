using System.Globalization;

namespace VisionSeqModels.Benchmarks.Compare;

/// <summary>One loop and the seconds that its epochs took.</summary>
internal sealed class Measurement(string name, Func<double> epoch)
{
    private readonly List<double> _seconds = [];

    public string Name => name;

    public IReadOnlyList<double> Seconds => _seconds;

    public double Median => _seconds.Order().ElementAt(_seconds.Count / 2);

    public void RunOnce(bool keep)
    {
        double seconds = epoch();
        if (keep)
        {
            _seconds.Add(seconds);
        }
    }

    public string Row(int steps, Measurement reference) => string.Create(
        CultureInfo.InvariantCulture,
        $"{name,-46} median {1000 * Median / steps,6:f2} ms/step  ({1000 * _seconds.Min() / steps:f2} to {1000 * _seconds.Max() / steps:f2})  {Median / reference.Median:f3} times the first");
}
