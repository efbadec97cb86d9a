using System.Diagnostics;
using static TorchSharp.torch;

namespace VisionSeqModels.Benchmarks.Shapes;

/// <summary>The seconds of calls in turn, by the own kernel and by libtorch.</summary>
internal sealed record ShapeTimes(bool IsChosen, double[] Own, double[] Libtorch)
{
    private const int Warming = 2;
    private const double Slow = 0.25; // seconds; such a call is warm after the first
    private const int MostCalls = 201;

    /// <summary>The own kernel's median time of libtorch's.</summary>
    public double Ratio => Compare.RatioInterval.Median(Own) / Compare.RatioInterval.Median(Libtorch);

    /// <summary>What it costs to take what is chosen, of libtorch's time.</summary>
    public double Cost => IsChosen ? Ratio : 1;

    /// <summary>Calls both in turn, in another order each time.</summary>
    /// <param name="shape">The layer.</param>
    /// <param name="trains">With the backward pass, or without gradients.</param>
    /// <param name="seconds">For about how long.</param>
    public static ShapeTimes Measure(ShapeCase shape, bool trains, double seconds)
    {
        bool before = is_grad_enabled();
        set_grad_enabled(trains);
        try
        {
            for (int i = 0; i < Warming; i++)
            {
                if (Call(shape.Own, shape, trains) + Call(shape.Libtorch, shape, trains) > Slow)
                {
                    break;
                }
            }

            var (own, libtorch) = (new List<double>(), new List<double>());
            var random = new Random(1);
            long begin = Stopwatch.GetTimestamp();
            while (own.Count < MostCalls && (own.Count < 3 || Stopwatch.GetElapsedTime(begin).TotalSeconds < seconds))
            {
                bool first = random.Next(2) == 0;
                (first ? own : libtorch).Add(Call(first ? shape.Own : shape.Libtorch, shape, trains));
                (first ? libtorch : own).Add(Call(first ? shape.Libtorch : shape.Own, shape, trains));
            }

            return new(shape.IsChosen(shape.Input), [.. own], [.. libtorch]);
        }
        finally
        {
            set_grad_enabled(before);
        }
    }

    private static double Call(Func<Tensor, Tensor> run, ShapeCase shape, bool trains)
    {
        using var scope = NewDisposeScope();
        long begin = Stopwatch.GetTimestamp();
        var output = run(shape.Input);
        if (trains)
        {
            output.sum().backward();
            shape.Module.zero_grad();
        }

        return Stopwatch.GetElapsedTime(begin).TotalSeconds;
    }
}
