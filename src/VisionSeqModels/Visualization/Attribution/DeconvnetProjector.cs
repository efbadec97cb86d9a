using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>Propagates single activations of one layer back to the pixels.</summary>
internal sealed class DeconvnetProjector
{
    private readonly nn.Module<Tensor, Tensor> _model;
    private readonly nn.Module<Tensor, Tensor> _module;
    private readonly ReceptiveField _field;
    private readonly string _layer;

    public DeconvnetProjector(nn.Module<Tensor, Tensor> model, Tensor image, string layer)
    {
        _model = model;
        _layer = layer;
        _module = ProbedLayers.Find(model, layer);
        _field = new ReceptiveField(model, image, layer);
        if (_field.OtherActivations.Count > 0)
        {
            throw new InvalidOperationException(
                $"The Deconvnet's rule is for ReLUs, but before '{layer}' the model runs "
                    + $"{string.Join(", ", _field.OtherActivations)}. Build it with ReLU, or use Attribution.Saliency."
            );
        }

        if (_field is { ConvolutionCount: > 1, ReluCount: 0 })
        {
            throw new InvalidOperationException(
                $"No ReLU module is run between the convolutions before '{layer}': functional.relu cannot be seen, "
                    + "and the result would silently be the plain gradient. Make ReLUs modules (nn.ReLU())."
            );
        }
    }

    /// <summary>The strongest activation of each map, over a batch: values and places <c>[batch, maps]</c>.</summary>
    public (Tensor Values, Tensor Places, long Width) StrongestOf(Tensor activations)
    {
        if (activations.dim() != 4)
        {
            throw new ArgumentException(
                $"The layer '{_layer}' gives {Shape.Of(activations)}, but the Deconvnet needs feature maps [batch, "
                    + "channels, height, width]."
            );
        }

        var (values, places) = activations.flatten(2).max(2);
        return (values, places, activations.size(3));
    }

    /// <summary>Where in one image each map is the strongest.</summary>
    public List<(int Row, int Column)> Strongest(Tensor image)
    {
        using var pass = new ModifiedBackpropagation(_model, ReluRule.Deconvnet, _module);
        pass.Forward(image);
        var (_, places, width) = StrongestOf(pass.OutputOf(_module).detach());
        return [.. places[0].cpu().data<long>().ToArray().Select(place => ((int)(place / width), (int)(place % width)))];
    }

    /// <summary>Projects the activation at one place of one map for each image of a batch, with that image's own
    /// switches.</summary>
    public IEnumerable<FeatureProjection> Project(Tensor images, IReadOnlyList<(long Image, int Map, int Row, int Column)> places)
    {
        using var scope = NewDisposeScope();
        using var pass = new ModifiedBackpropagation(_model, ReluRule.Deconvnet, _module);
        pass.Forward(images);
        var activations = pass.OutputOf(_module);
        var seed = zeros_like(activations);
        var index = new[]
        {
            Index(places.Select((_, i) => (long)i)),
            Index(places.Select(p => (long)p.Map)),
            Index(places.Select(p => (long)p.Row)),
            Index(places.Select(p => (long)p.Column)),
        };
        var values = activations.detach().index(index);
        seed.index_put_(values.relu(), [.. index.Select(TensorIndex.Tensor)]); // a map that nothing activates projects to nothing
        double[] strengths = TensorNumbers.Doubles(values);
        var (shape, samples) = TensorNumbers.BySample(pass.Back(activations, seed));
        return
        [
            .. places.Select(
                (place, i) =>
                    new FeatureProjection
                    {
                        Map = place.Map,
                        ImageIndex = place.Image,
                        Activation = strengths[i],
                        Row = place.Row,
                        Column = place.Column,
                        Box = _field.BoxOf(place.Row, place.Column),
                        Shape = shape,
                        Values = samples[i],
                    }
            ),
        ];
    }

    private Tensor Index(IEnumerable<long> values) => tensor(values.ToArray(), device: ModelDevice.Of(_model));
}
