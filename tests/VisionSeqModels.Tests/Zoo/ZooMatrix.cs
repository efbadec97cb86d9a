using System.Globalization;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Zoo;

/// <summary>Runs views of models of the zoo, and puts what each gives into a line.</summary>
internal static class ZooMatrix
{
    /// <summary>What a view can be run within.</summary>
    public static readonly string[] Modes = ["gradients", "no gradients", "inference mode"];

    /// <summary>Another mode: what the view gives where it runs with gradients on a twin, whose views look at outputs
    /// alone.</summary>
    public const string Reference = "reference";

    public const string Refused = "refused: ";

    /// <summary>The names of the parts that the models are divided into, each for a child process.</summary>
    public static readonly string[] Parts = ["0", "1"];

    /// <summary>Every cell of a part's models in every mode, as a child process does: says what it begins before it begins, so
    /// that the end of the process has a name.</summary>
    public static void RunPart(string part, TextWriter output)
    {
        foreach (string name in Animals.All.Where((_, i) => Parts[i % Parts.Length] == part))
        {
            using var scope = NewDisposeScope();
            using var model = Animals.Make(name);
            using var twin = new HandTwin(Animals.Make(name));
            foreach (string view in ZooViews.Names)
            {
                foreach (string mode in Modes.Append(Reference))
                {
                    output.Write($"{name}\t{view}\t{mode}\t");
                    output.Flush();
                    output.WriteLine(
                        mode == Reference
                            ? Outcome(view, ZooViews.LooksAtOutputsAlone(view) ? twin : model, Animals.Images(model, 2))
                            : Outcome(view, model, Animals.Images(model, 2), mode)
                    );
                }
            }
        }
    }

    /// <summary>A digest of the numbers, or the sentence with which the view refuses.</summary>
    public static string Outcome(string view, nn.Module<Tensor, Tensor> model, Tensor images, string mode = "gradients")
    {
        using var gradients = mode == "no gradients" ? no_grad() : enable_grad();
        using var inference = inference_mode(mode == "inference mode");
        try
        {
            return Digest([.. ZooViews.Run(view, model, images)]);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return Refused + e.Message.ReplaceLineEndings(" ");
        }
    }

    /// <summary>Whether two outcomes are the same, up to rounding.</summary>
    public static bool Same(string one, string other)
    {
        if (one.StartsWith(Refused, StringComparison.Ordinal) || other.StartsWith(Refused, StringComparison.Ordinal))
        {
            return one == other;
        }

        double[] a = Parse(one),
            b = Parse(other);
        return a[0] == b[0] && a.Zip(b).All(pair => Math.Abs(pair.First - pair.Second) <= 1e-6 + (1e-4 * a[1]));
    }

    /// <summary>How many numbers, the sum of their magnitudes, and a sum in which each has a weight of its own.</summary>
    private static string Digest(double[] numbers) =>
        string.Join(
            ' ',
            new[]
            {
                numbers.Length,
                numbers.Sum(Math.Abs),
                numbers.Select((number, i) => number * (1.5 + Math.Cos(1.7 * i))).Sum(),
            }.Select(number => number.ToString("r", CultureInfo.InvariantCulture))
        );

    private static double[] Parse(string digest) =>
        [.. digest.Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
}
