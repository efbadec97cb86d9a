namespace VisionSeqModels.Studies;

/// <summary>The density of a factor's values, estimated from some of them and from the prior.</summary>
internal abstract class ParzenEstimate
{
    public static ParzenEstimate Of(StudyDimension dimension, double[] values) =>
        dimension.Choices is int count ? new OfChoices(values, count) : new OfRange(dimension, values);

    public abstract double Draw(Random random);

    /// <summary>The density at a value, to a factor that is the same for all estimates of a dimension.</summary>
    public abstract double Density(double value);

    private sealed class OfChoices : ParzenEstimate
    {
        private readonly double[] _weights;

        public OfChoices(double[] values, int count)
        {
            _weights = new double[count];
            Array.Fill(_weights, 1.0 / (values.Length + count));
            foreach (double value in values)
            {
                _weights[(int)value] += 1.0 / (values.Length + count);
            }
        }

        public override double Draw(Random random)
        {
            double at = random.NextDouble();
            int choice = 0;
            while (choice < _weights.Length - 1 && at >= _weights[choice])
            {
                at -= _weights[choice++];
            }

            return choice;
        }

        public override double Density(double value) => _weights[(int)value];
    }

    /// <summary>In places from 0 to 1: the uniform prior, and a normal distribution for each value.</summary>
    private sealed class OfRange : ParzenEstimate
    {
        private const int MostPeaks = 100; // the deviation is not below one part in so many of the range
        private readonly StudyDimension _dimension;
        private readonly Peak[] _peaks;

        public OfRange(StudyDimension dimension, double[] values)
        {
            _dimension = dimension;
            double[] places = [.. values.Select(dimension.PlaceOf).Order()];
            _peaks = new Peak[places.Length];
            for (int i = 0; i < places.Length; i++)
            {
                double below = places[i] - (i > 0 ? places[i - 1] : 0),
                    above = (i < places.Length - 1 ? places[i + 1] : 1) - places[i],
                    deviation = Math.Clamp(Math.Max(below, above), 1.0 / Math.Min(MostPeaks, places.Length + 1), 1);
                double inside = NormalCdf((1 - places[i]) / deviation) - NormalCdf(-places[i] / deviation);
                _peaks[i] = new Peak(places[i], deviation, 1 / (deviation * Math.Sqrt(2 * Math.PI) * inside));
            }
        }

        public override double Draw(Random random)
        {
            int which = random.Next(_peaks.Length + 1);
            return _dimension.ValueAt(which == _peaks.Length ? random.NextDouble() : Place(_peaks[which], random));
        }

        public override double Density(double value)
        {
            double place = _dimension.PlaceOf(value);
            return (1 + _peaks.Sum(peak => peak.Height * Math.Exp(-0.5 * Square((place - peak.Center) / peak.Deviation))))
                / (_peaks.Length + 1);
        }

        /// <summary>A normal number within 0..1 (Box and Muller's method). A third of the distribution is there, or
        /// more.</summary>
        private static double Place(Peak peak, Random random)
        {
            double place;
            do
            {
                double radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
                place = peak.Center + (peak.Deviation * radius * Math.Cos(2 * Math.PI * random.NextDouble()));
            } while (place is < 0 or > 1);

            return place;
        }

        private static double Square(double value) => value * value;

        /// <summary>Abramowitz and Stegun 7.1.26; its error is below 1.5e-7.</summary>
        private static double NormalCdf(double z)
        {
            double x = Math.Abs(z) / Math.Sqrt(2),
                t = 1 / (1 + (0.3275911 * x)),
                tail =
                    ((((((((1.061405429 * t) - 1.453152027) * t) + 1.421413741) * t) - 0.284496736) * t) + 0.254829592)
                    * t
                    * Math.Exp(-x * x);
            return z < 0 ? tail / 2 : 1 - (tail / 2);
        }

        /// <param name="Center">Where it is.</param>
        /// <param name="Deviation">Its standard deviation.</param>
        /// <param name="Height">The density at its center.</param>
        private readonly record struct Peak(double Center, double Deviation, double Height);
    }
}
