using TorchSharp.Modules;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>Takes images through an attribution method, a bounded number at a time.</summary>
internal sealed class AttributionBatches
{
    private readonly nn.Module<Tensor, Tensor> _model;
    private readonly Tensor _images;
    private readonly AttributionOptions _options;
    private readonly CancellationToken _cancellationToken;

    public AttributionBatches(
        nn.Module<Tensor, Tensor> model,
        Tensor images,
        AttributionOptions options,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(images);
        _model = model;
        _images = images;
        _options = options;
        _cancellationToken = cancellationToken;
        if (images.dim() != 4 || images.size(0) == 0)
        {
            throw new ShapeMismatchException(
                "Attribution needs images of shape [batch, channels, height, width], normalised as for training, but "
                    + $"got {Shape.Of(images)}."
            );
        }

        _options.Validate(images.size(0));
    }

    /// <summary>What a softmax at the end does to every gradient.</summary>
    public string? SoftmaxWarning =>
        _model.named_modules().Select(entry => entry.module).LastOrDefault() is Softmax or LogSoftmax
            ? "The model ends in a softmax: where it is confident, gradients of its output are near zero "
                + "whatever it looks at. Explain the scores before it."
            : null;

    /// <summary>Calls the method for each batch with the images on the model's device and their targets; every tensor of a
    /// batch is gone when it is done.</summary>
    public IReadOnlyList<AttributionMap> Map(Func<Tensor, long[], IEnumerable<AttributionMap>> method)
    {
        var maps = new List<AttributionMap>();
        var device = _model.parameters().FirstOrDefault()?.device ?? _images.device;
        for (long begin = 0; begin < _images.size(0); begin += _options.BatchSize)
        {
            _cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            long count = Math.Min(_options.BatchSize, _images.size(0) - begin);
            var batch = _images.narrow(0, begin, count).detach().to(device);
            maps.AddRange(method(batch, Targets(batch, begin)));
        }

        return maps;
    }

    /// <summary>The scores of the targets, one an image, <c>[batch]</c>.</summary>
    public static Tensor Selected(Tensor scores, long[] targets)
    {
        if (scores.dim() != 2 || targets.Any(target => target >= scores.size(1)))
        {
            throw new ArgumentException(
                "Attribution explains one of a model's class scores [batch, classes], but the scores have shape "
                    + $"{Shape.Of(scores)} and the classes are {string.Join(", ", targets.Distinct())}."
            );
        }

        return scores.gather(1, tensor(targets, device: scores.device).unsqueeze(1)).squeeze(1);
    }

    private long[] Targets(Tensor batch, long begin)
    {
        if (_options.Targets is not null)
        {
            return [.. _options.Targets.Skip((int)begin).Take((int)batch.size(0))];
        }

        using var modes = ModuleModes.Evaluating(_model);
        using var noGradients = no_grad();
        var scores = _model.call(batch);
        return scores.dim() == 2
            ? scores.argmax(1).cpu().data<long>().ToArray()
            : throw new ArgumentException(
                $"Attribution explains class scores [batch, classes], but the model gives {Shape.Of(scores)}."
            );
    }
}
