using System.Text.Json.Nodes;
using VisionSeqModels.Data;
using static TorchSharp.torch;

namespace VisionSeqModels.Inference;

/// <summary>Images of a data set that the reader of a page can try.</summary>
internal static class PageExamples
{
    /// <summary>The first images of as many classes as there are, in the order of the classes.</summary>
    public static JsonArray Of(IImageSource data, PageInput input, int count)
    {
        if (!input.Shape.SequenceEqual([data.Channels, data.Height, data.Width]))
        {
            return [];
        }

        var chosen = Choose(data, count);
        return new JsonArray([.. chosen.Select(index => (JsonNode)Example(data, index))]);
    }

    private static List<long> Choose(IImageSource data, int count)
    {
        var seen = new Dictionary<int, int>();
        var ranked = new PriorityQueue<long, (int Round, int Label)>();
        int rounds = (count / Math.Max(1, data.ClassNames.Count)) + 1;
        for (long index = 0; index < data.Count; index++)
        {
            int label = data.GetLabel(index);
            int round = seen.GetValueOrDefault(label);
            if (round < rounds)
            {
                ranked.Enqueue(index, (round, label));
                seen[label] = round + 1;
            }
        }

        var chosen = new List<long>();
        while (chosen.Count < count && ranked.TryDequeue(out long index, out _))
        {
            chosen.Add(index);
        }

        return chosen;
    }

    private static JsonObject Example(IImageSource data, long index)
    {
        using var scope = NewDisposeScope();
        byte[] pixels = data.GetPixels(index).contiguous().data<byte>().ToArray();
        return new JsonObject
        {
            ["name"] = Core.PlainText.Of(data.ClassNames[data.GetLabel(index)]),
            ["pixels"] = Convert.ToBase64String(pixels),
        };
    }
}
