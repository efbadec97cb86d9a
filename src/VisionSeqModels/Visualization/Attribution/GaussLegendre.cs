namespace VisionSeqModels.Visualization;

/// <summary>The places and weights of Gauss-Legendre quadrature on 0..1: n of them integrate polynomials up to degree 2n − 1
/// exactly.</summary>
internal static class GaussLegendre
{
    public static (double[] Places, double[] Weights) Of(int count)
    {
        var places = new double[count];
        var weights = new double[count];
        for (int i = 0; i < count; i++)
        {
            double z = Math.Cos(Math.PI * (i + 0.75) / (count + 0.5)); // near the i-th root of the Legendre polynomial
            double slope = 1;
            for (int step = 0; step < 100; step++)
            {
                (double value, slope) = Polynomial(count, z);
                double change = value / slope;
                z -= change;
                if (Math.Abs(change) < 1e-15)
                {
                    break;
                }
            }

            slope = Polynomial(count, z).Slope;
            places[i] = (1 - z) / 2;
            weights[i] = 1 / ((1 - (z * z)) * slope * slope);
        }

        return (places, weights);
    }

    private static (double Value, double Slope) Polynomial(int degree, double z)
    {
        (double before, double value) = (1, z);
        for (int k = 2; k <= degree; k++)
        {
            (before, value) = (value, ((((2 * k) - 1) * z * value) - ((k - 1) * before)) / k);
        }

        return (value, degree * ((z * value) - before) / ((z * z) - 1));
    }
}
