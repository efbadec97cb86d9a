using System.Globalization;
using VisionSeqModels.Core;

namespace VisionSeqModels.Data;

/// <summary>Divides a data set in two, with the same fraction of every class in each, as a function of a seed.</summary>
internal static class StratifiedSplit
{
    private const ulong Purpose = 0x73706C6974; // keeps these random numbers apart from those of the epochs' order

    public static (ImageSubset Train, ImageSubset Validation) Of(IImageSource data, double fraction, long seed)
    {
        int[] labels = [.. Enumerable.Range(0, data.Count).Select(i => data.GetLabel(i))];
        return ImageSubset.Divide(data, Chosen(data.Name, labels, fraction, seed).Contains);
    }

    /// <summary>The samples of the second part.</summary>
    /// <param name="name">The data's name.</param>
    /// <param name="labels">The class of each sample.</param>
    /// <param name="fraction">The fraction of each class that goes there.</param>
    /// <param name="seed">The seed of the draw.</param>
    /// <exception cref="ArgumentException">A part would be empty.</exception>
    public static IReadOnlySet<long> Chosen(string name, int[] labels, double fraction, long seed)
    {
        var random = new SplitMix(SplitMix.Mix(unchecked((ulong)seed) ^ Purpose));
        var chosen = new HashSet<long>();
        foreach (var members in ImagesByClass(labels))
        {
            int count = (int)Math.Round(members.Length * fraction, MidpointRounding.AwayFromZero);
            for (int i = 0; i < count; i++)
            {
                int other = i + random.Below(members.Length - i);
                (members[i], members[other]) = (members[other], members[i]);
                chosen.Add(members[i]);
            }
        }

        if (chosen.Count == 0 || chosen.Count == labels.Length)
        {
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"A fraction of {fraction} of the {labels.Length} images of '{name}' leaves one part without "
                        + $"images. Take another fraction, or more images."
                ),
                nameof(fraction)
            );
        }

        return chosen;
    }

    private static IEnumerable<int[]> ImagesByClass(int[] labels) =>
        Enumerable.Range(0, labels.Length).GroupBy(i => labels[i]).OrderBy(group => group.Key).Select(group => group.ToArray());
}
