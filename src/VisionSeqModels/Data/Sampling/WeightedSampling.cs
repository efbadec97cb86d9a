using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json.Serialization;
using VisionSeqModels.Core;
using VisionSeqModels.Data;

namespace VisionSeqModels;

/// <summary>Draws each image in proportion to its weight (PyTorch's <c>WeightedRandomSampler</c>).</summary>
public sealed record WeightedSampling : Sampling
{
    /// <summary>A weight for each image of the training data, in stored order; finite, none below 0, not all 0. An image of
    /// weight 0 is never drawn. With <see cref="TrainerOptions.ValidationSplit"/> they are of all images, before the
    /// split.</summary>
    [JsonIgnore]
    public IReadOnlyList<double> Weights { get; init; } = [];

    /// <summary>Whether an image may come several times in an epoch; default true. Without, an epoch has at most the images
    /// of weight above 0, and those are also its default.</summary>
    public bool Replacement { get; init; } = true;

    /// <summary>What run.json has of the weights.</summary>
    [JsonInclude]
    [JsonPropertyName("weights")]
    internal WeightsDigest Digest =>
        new(Weights.Count, Weights.Sum(), Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<double>([.. Weights]))));

    internal override bool MayRepeat => Replacement;

    internal override IReadOnlyList<string> Faults()
    {
        var faults = new OptionFaults(nameof(WeightedSampling)).AtLeast(1, nameof(SamplesPerEpoch), SamplesPerEpoch ?? 1);
        if (Weights is null or { Count: 0 })
        {
            return faults
                .Require(false, nameof(Weights), "a number for each training image", Weights is null ? null : "empty")
                .All;
        }

        int wrong = Weights.ToList().FindIndex(weight => !(double.IsFinite(weight) && weight >= 0));
        if (wrong >= 0)
        {
            return faults
                .Require(false, nameof(Weights), $"finite numbers of at least 0 (see index {wrong})", Weights[wrong])
                .All;
        }

        return faults
            .Require(Weights.Any(weight => weight > 0), nameof(Weights), "above 0 for an image at least", "0 for all")
            .Require(double.IsFinite(Weights.Sum()), nameof(Weights), "numbers of a finite sum", "of an infinite one")
            .All;
    }

    internal override IReadOnlyList<string> FaultsWith(IBatchSource train)
    {
        if (train is not IImageSource images)
        {
            return base.FaultsWith(train);
        }

        var faults = new OptionFaults(nameof(WeightedSampling)).Require(
            Weights.Count == images.Count,
            $"{nameof(TrainerOptions.Sampling)}.{nameof(Weights)}",
            $"one for each of the {images.Count} training images of '{images.Name}'",
            Weights.Count
        );
        int drawable = Weights.Count(weight => weight > 0);
        return faults
            .Require(
                Replacement || SamplesPerEpoch is null || SamplesPerEpoch <= drawable,
                $"{nameof(TrainerOptions.Sampling)}.{nameof(SamplesPerEpoch)}",
                $"at most the {drawable} images of weight above 0 without replacement",
                SamplesPerEpoch
            )
            .All;
    }

    internal override double[] WeightsOf(IImageSource train, IImageSource whole, long? ignoreIndex) =>
        !ReferenceEquals(train, whole) && train is ImageSubset part
            ? [.. part.Indices.Select(index => Weights[(int)index])]
            : [.. Weights];

    /// <summary>How many weights there are, their sum, and the hash of their bytes.</summary>
    internal sealed record WeightsDigest(int Count, double Sum, string Sha256);
}
