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
    private readonly OutputKind _outputs = new();

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

        if (!images.is_floating_point())
        {
            throw new ArgumentException(
                $"Attribution needs images of a floating dtype, normalised as for training, but got {images.dtype} "
                    + $"{Shape.Of(images)}. Divide pixels from 0 to 255 by 255 and normalise them as the training data were.",
                nameof(images)
            );
        }

        _options.Validate(images.size(0));
    }

    public nn.Module<Tensor, Tensor> Model => _model;

    /// <summary>What the model gives for a batch, without gradients.</summary>
    public Tensor Outputs(Tensor batch)
    {
        using var probe = new ModelProbe(_model);
        return probe.Call(batch);
    }

    /// <summary>Calls the method for each batch with the images on the model's device and their targets; every tensor of a
    /// batch is gone when it is done.</summary>
    /// <param name="method">Gives the maps of a batch.</param>
    /// <param name="check">Gets the first image and says what a rule does not cover, null for nothing: every map says it
    /// too. Null for a method without a rule.</param>
    public IReadOnlyList<AttributionMap> Map(
        Func<Tensor, long[], IEnumerable<AttributionMap>> method,
        Func<Tensor, string?>? check = null
    )
    {
        using var normal = inference_mode(false);
        using var gradients = enable_grad();
        var maps = new List<AttributionMap>();
        string? missed = check is null ? null : CheckFirst(check);
        for (long begin = 0; begin < _images.size(0); begin += _options.BatchSize)
        {
            _cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            long count = Math.Min(_options.BatchSize, _images.size(0) - begin);
            var batch = Copied(begin, count);
            maps.AddRange(method(batch, Targets(batch, begin)));
        }

        // what the outputs are is known when all were seen
        return [.. maps.Select(map => map with { Warning = Sentences.Of(map.Warning, missed, _outputs.Warning) })];
    }

    /// <summary>What is explained, one number an image, <c>[batch]</c>: the scores of the targets, or the objective.</summary>
    public Tensor Selected(Tensor scores, long[] targets)
    {
        _outputs.See(scores);
        return _options.Objective is null
            ? OutputScores.Select(scores, targets)
            : OutputScores.Objective(_options.Objective, scores);
    }

    /// <summary>The signal that reaches the images from what is explained, and that.</summary>
    public (Tensor Values, double[] Scores) Gradient(ReluRule rule, Tensor batch, long[] targets)
    {
        using var trace =
            rule == ReluRule.Gradient
                ? ForwardTrace.OfOutputs(_model, batch)
                : ForwardTrace.Run(_model, batch, RuledRelu.Replacing(rule));
        var selected = Selected(trace.Output, targets);
        return (AtInput(trace, selected), TensorNumbers.Doubles(selected));
    }

    /// <summary>The gradient of what is explained with respect to the input of a pass.</summary>
    /// <exception cref="InvalidOperationException">It does not get there.</exception>
    public Tensor AtInput(ForwardTrace trace, Tensor selected) =>
        SafeGradients.Of(selected, ones_like(selected), trace.Input)[0]
        ?? throw new InvalidOperationException(
            $"The scores of {_model.GetName()} do not depend on its images by a path that gradients can take: the "
                + "model detaches what it computes, or computes it without gradients. Use OcclusionSensitivity, or a layer "
                + "behind that place with ClassActivationMaps."
        );

    /// <summary>What is explained, without gradients.</summary>
    public double[] Scores(Tensor batch, long[] targets)
    {
        using var scope = NewDisposeScope();
        return TensorNumbers.Doubles(Selected(Outputs(batch), targets));
    }

    /// <summary>What a map of this target explains, for messages.</summary>
    public static string NameOf(long target) => target < 0 ? "the objective" : $"class {target}";

    /// <summary>Images of the model's dtype, on its device, that a backward pass may use: not those of an inference
    /// mode.</summary>
    private Tensor Copied(long begin, long count) => ModelInput.Of(_model, _images.narrow(0, begin, count)).clone();

    private string? CheckFirst(Func<Tensor, string?> check)
    {
        using var scope = NewDisposeScope();
        return check(Copied(0, 1));
    }

    private long[] Targets(Tensor batch, long begin)
    {
        if (_options.Objective is not null)
        {
            return [.. Enumerable.Repeat(-1L, (int)batch.size(0))];
        }

        if (_options.Targets is not null)
        {
            return [.. _options.Targets.Skip((int)begin).Take((int)batch.size(0))];
        }

        var scores = Outputs(batch);
        return scores.dim() == 2
            ? scores.argmax(1).cpu().data<long>().ToArray()
            : throw new ArgumentException(
                $"Attribution explains class scores [batch, classes], but the model gives {Shape.Of(scores)}."
            );
    }
}
