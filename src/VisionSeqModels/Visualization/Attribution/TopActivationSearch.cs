using VisionSeqModels.Data;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>One pass over a data set that keeps, for each map, the images with the strongest activations.</summary>
internal sealed class TopActivationSearch(
    nn.Module<Tensor, Tensor> model,
    DeconvnetProjector projector,
    string layer,
    TopActivationsOptions options
)
{
    public readonly record struct Place(float Value, long Image, int Row, int Column);

    private readonly int _count = options.MaximumCount;
    private List<Place>[] _best = [];

    /// <summary>For each map its places, the strongest first; of equal ones the first in the data.</summary>
    public List<Place[]> Run(IImageSource data, CancellationToken cancellationToken)
    {
        long first = 0;
        using var probe = new ModelProbe(model);
        probe.Watch(layer, output => Add(output, first));
        ViewPass.ForEach(
            model,
            data,
            options,
            (batch, place) =>
            {
                first = place;
                probe.Run(batch.Inputs);
            },
            cancellationToken
        );
        return [.. _best.Select(places => places.ToArray())];
    }

    private void Add(Tensor activations, long first)
    {
        var (strengths, placeOf) = Strongest(activations);
        int maps = (int)activations.size(1);
        long width = activations.size(3);
        if (_best.Length == 0)
        {
            _best = [.. Enumerable.Range(0, maps).Select(_ => new List<Place>(_count + 1))];
        }

        for (int i = 0; i < strengths.Length; i++)
        {
            var best = _best[i % maps];
            if (!float.IsNaN(strengths[i]) && (best.Count < _count || strengths[i] > best[^1].Value))
            {
                long place = placeOf(i);
                Insert(best, new Place(strengths[i], first + (i / maps), (int)(place / width), (int)(place % width)));
            }
        }
    }

    /// <summary>The strongest activation of each map, by image, then map, and where it is in its map.</summary>
    private (float[] Values, Func<int, long> PlaceOf) Strongest(Tensor activations)
    {
        if (PlaneMaxima.Of(activations) is PlaneMaxima maxima)
        {
            return (maxima.Values, i => maxima.PlaceOf(i));
        }

        var (values, places, _) = projector.StrongestOf(activations);
        long[] flat = places.cpu().contiguous().data<long>().ToArray();
        return (values.to_type(ScalarType.Float32).cpu().contiguous().data<float>().ToArray(), i => flat[i]);
    }

    private void Insert(List<Place> best, Place place)
    {
        int at = best.Count;
        while (at > 0 && place.Value > best[at - 1].Value) // images come in order, so the earlier of equal ones stays before
        {
            at--;
        }

        best.Insert(at, place);
        if (best.Count > _count)
        {
            best.RemoveAt(_count);
        }
    }
}
