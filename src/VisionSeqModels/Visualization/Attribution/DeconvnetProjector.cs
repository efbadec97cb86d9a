using TorchSharp.Modules;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>Propagates single activations of one layer back to the pixels.</summary>
internal sealed class DeconvnetProjector
{
    private readonly nn.Module<Tensor, Tensor> _model;
    private readonly ReceptiveField _field;
    private readonly string _layer;

    public DeconvnetProjector(nn.Module<Tensor, Tensor> model, Tensor image, string layer)
    {
        _model = model;
        _layer = layer;
        using var trace = ForwardTrace.Run(model, image, RuledRelu.Replacing(ReluRule.Deconvnet));
        var target = trace.Find(layer);
        StrongestOf(target.Output); // it throws where the layer gives no maps
        int convolutions = trace.Calls.TakeWhile(call => call != target).Append(target).Count(call => call.Module is Conv2d);
        Warning = RuleCoverage.WarningFor("The Deconvnet", trace, target.Output, mustReach: convolutions > 1);
        _field = new ReceptiveField(model, image, layer);
    }

    /// <summary>What the rule does not reach; null where it reaches all.</summary>
    public string? Warning { get; }

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
        using var pass = ForwardTrace.OfOutputs(_model, image);
        var (_, places, width) = StrongestOf(pass.Find(_layer).Output.detach());
        return [.. places[0].cpu().data<long>().ToArray().Select(place => ((int)(place / width), (int)(place % width)))];
    }

    /// <summary>Projects the activation at one place of one map for each image of a batch, with that image's own
    /// switches.</summary>
    public IEnumerable<FeatureProjection> Project(Tensor images, IReadOnlyList<(long Image, int Map, int Row, int Column)> places)
    {
        using var scope = NewDisposeScope();
        using var pass = ForwardTrace.Run(_model, images, RuledRelu.Replacing(ReluRule.Deconvnet));
        var activations = pass.Find(_layer).Output;
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
        var (shape, samples) = TensorNumbers.BySample(SafeGradients.Of(activations, seed, pass.Input)[0] ?? throw NotReached());
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

    private InvalidOperationException NotReached() =>
        new(
            $"No gradient gets from the layer '{_layer}' to the images: {_model.GetName()} detaches what it computes before it, "
                + "so nothing can be projected back."
        );

    private Tensor Index(IEnumerable<long> values) => tensor(values.ToArray(), device: ModelDevice.Of(_model));
}
