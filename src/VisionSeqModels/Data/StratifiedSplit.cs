using System.Globalization;
using VisionSeqModels.Core;

namespace VisionSeqModels.Data;

/// <summary>Divides a data set in two, with every class in the same share, as a function of a seed.</summary>
internal static class StratifiedSplit
{
    private const ulong Purpose = 0x73706C6974; // keeps these random numbers apart from those of the epochs' order

    public static (ImageSubset Train, ImageSubset Validation) Of(ImageDataset data, double share, long seed)
    {
        long[] labels = data.Labels.data<long>().ToArray();
        var random = new SplitMix(SplitMix.Mix(unchecked((ulong)seed) ^ Purpose));
        var held = new HashSet<long>();
        foreach (
            var members in Enumerable
                .Range(0, labels.Length)
                .GroupBy(i => labels[i])
                .OrderBy(group => group.Key)
                .Select(group => group.ToArray())
        )
        {
            int count = (int)Math.Round(members.Length * share, MidpointRounding.AwayFromZero);
            for (int i = 0; i < count; i++)
            {
                int other = i + random.Below(members.Length - i);
                (members[i], members[other]) = (members[other], members[i]);
                held.Add(members[i]);
            }
        }

        if (held.Count == 0 || held.Count == labels.Length)
        {
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"A share of {share} of the {labels.Length} images of '{data.Name}' leaves one part without "
                        + $"images. Take another share, or more images."
                ),
                nameof(share)
            );
        }

        var all = Enumerable.Range(0, labels.Length).Select(i => (long)i).ToLookup(held.Contains);
        return (new ImageSubset(data, [.. all[false]]), new ImageSubset(data, [.. all[true]]));
    }
}
