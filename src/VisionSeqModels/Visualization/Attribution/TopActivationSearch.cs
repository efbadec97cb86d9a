using VisionSeqModels.Data;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>One pass over a data set that keeps, for each map, the images with the strongest activations.</summary>
internal sealed class TopActivationSearch(nn.Module<Tensor, Tensor> model, DeconvnetProjector projector, string layer, int count)
{
    public readonly record struct Place(float Value, long Image, int Row, int Column);

    private List<Place>[] _best = [];

    /// <summary>For each map its places, the strongest first; of equal ones the first in the data.</summary>
    public List<Place[]> Run(ImageDataset data, BatchRequest request, CancellationToken cancellationToken)
    {
        long seen = 0;
        using var probe = new ModelProbe(model);
        probe.Watch(ProbedLayers.Find(model, layer), output => Add(output, seen));
        BatchLoop.ForEach(
            data,
            request,
            batch =>
            {
                probe.Run(batch.Inputs);
                seen += batch.Count;
            },
            cancellationToken
        );
        return [.. _best.Select(places => places.ToArray())];
    }

    private void Add(Tensor activations, long before)
    {
        var (values, places, width) = projector.StrongestOf(activations);
        float[] strengths = values.to_type(ScalarType.Float32).cpu().contiguous().data<float>().ToArray();
        long[] flat = places.cpu().contiguous().data<long>().ToArray();
        int maps = (int)values.size(1);
        if (_best.Length == 0)
        {
            _best = [.. Enumerable.Range(0, maps).Select(_ => new List<Place>(count + 1))];
        }

        for (int i = 0; i < strengths.Length; i++)
        {
            var best = _best[i % maps];
            if (best.Count < count || strengths[i] > best[^1].Value)
            {
                Insert(best, new Place(strengths[i], before + (i / maps), (int)(flat[i] / width), (int)(flat[i] % width)));
            }
        }
    }

    private void Insert(List<Place> best, Place place)
    {
        int at = best.Count;
        while (at > 0 && place.Value > best[at - 1].Value) // images come in order, so the earlier of equal ones stays before
        {
            at--;
        }

        best.Insert(at, place);
        if (best.Count > count)
        {
            best.RemoveAt(count);
        }
    }
}
