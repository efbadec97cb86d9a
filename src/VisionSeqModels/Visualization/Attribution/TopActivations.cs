using System.Globalization;
using System.Text.Json;
using VisionSeqModels.Core;
using VisionSeqModels.Data;
using VisionSeqModels.Drawing;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>The images of a data set that activate each of a layer's feature maps most, and what in them does: figure 2 of
/// Zeiler and Fergus (2013).</summary>
public sealed record TopActivations
{
    /// <summary>The layer.</summary>
    public required string Layer { get; init; }

    /// <summary>The name of the data.</summary>
    public required string Source { get; init; }

    /// <summary>How many images it had.</summary>
    public required long SampleCount { get; init; }

    /// <summary>For each map its strongest activations, the strongest first, each of another image; of equal ones the first
    /// in the data.</summary>
    public required IReadOnlyList<IReadOnlyList<FeatureProjection>> Maps { get; init; }

    /// <summary>Goes through a data set once, keeping the strongest activations, then projects those alone. Memory does not
    /// grow with the data.</summary>
    /// <param name="model">The model, on any device; nothing of it changes.</param>
    /// <param name="data">The images.</param>
    /// <param name="layer">The layer, as in <c>named_modules()</c>: a convolution, its activation, or the pooling after
    /// it.</param>
    /// <param name="count">How many for each map; default 9, at least 1.</param>
    /// <param name="batchSize">Images at a time; default 256. It changes speed and memory only.</param>
    /// <param name="cancellationToken">Looked at between batches.</param>
    /// <inheritdoc cref="Deconvnet.Project"/>
    public static TopActivations Find(
        nn.Module<Tensor, Tensor> model,
        ImageDataset data,
        string layer,
        int count = 9,
        int batchSize = 256,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        var device = ModelDevice.Of(model);
        using var scope = NewDisposeScope();
        using var first = new ImageSubset(data, [0]).Read(new BatchRequest { BatchSize = 1, Device = device }).GetEnumerator();
        first.MoveNext();
        var projector = new DeconvnetProjector(model, first.Current.Inputs, layer);
        var best = new TopActivationSearch(model, projector, layer, count).Run(
            data,
            new BatchRequest { BatchSize = batchSize, Device = device },
            cancellationToken
        );
        var projections = Project(projector, data, best, batchSize, device, cancellationToken)
            .ToLookup(projection => projection.Map);
        return new TopActivations
        {
            Layer = layer,
            Source = data.Name,
            SampleCount = data.Count,
            Maps = [.. best.Select((_, map) => projections[map].ToList())],
        };
    }

    /// <summary>Draws a map's projections beside the patches of the images that they see.</summary>
    /// <param name="data">The data set they were found in.</param>
    /// <param name="maps">Which maps; null for all.</param>
    public Picture Draw(ImageDataset data, IReadOnlyList<int>? maps = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        int columns = Maps.Max(map => map.Count);
        var tiles = new List<ImageTile?>();
        foreach (int map in maps ?? [.. Enumerable.Range(0, Maps.Count)])
        {
            var row = Maps[map];
            IEnumerable<ImageTile?> Fill(IEnumerable<ImageTile> some) =>
                some.Concat(Enumerable.Repeat<ImageTile?>(null, columns - row.Count));
            tiles.AddRange(
                Fill(
                    row.Select(
                        (projection, i) => projection.ToTile(i == 0 ? $"map {map}: {ColorBar.Text(projection.Activation)}" : null)
                    )
                )
            );
            tiles.AddRange(Fill(row.Select(projection => Patch(data, projection))));
        }

        return ImageGrid.Draw(
            tiles,
            new ImageGridOptions
            {
                Columns = columns,
                Title = string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Layer}: strongest activations in {SampleCount:n0} images of {Source}; above what activates, "
                        + $"below the patch of the image"
                ),
            }
        );
    }

    /// <summary>Writes all numbers as JSON, whole or not at all.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SaveJson(string path) => AtomicFile.WriteAllText(path, JsonSerializer.Serialize(this, JsonFormat.Compact) + "\n");

    private static ImageTile Patch(ImageDataset data, FeatureProjection projection)
    {
        using var scope = NewDisposeScope();
        var box = projection.Box;
        return ImageTile.OfPixels(
            data.Pixels[projection.ImageIndex].narrow(1, box.Top, box.Height).narrow(2, box.Left, box.Width),
            data.ClassNames[(int)data.Labels[projection.ImageIndex].item<long>()]
        );
    }

    private static IEnumerable<FeatureProjection> Project(
        DeconvnetProjector projector,
        ImageDataset data,
        List<TopActivationSearch.Place[]> best,
        int batchSize,
        Device device,
        CancellationToken cancellationToken
    )
    {
        foreach (
            var chunk in best.SelectMany(
                    (places, map) => places.Select(place => (place.Image, Map: map, place.Row, place.Column))
                )
                .Chunk(batchSize)
        )
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            using var images = new ImageSubset(data, [.. chunk.Select(place => place.Image)])
                .Read(new BatchRequest { BatchSize = chunk.Length, Device = device })
                .GetEnumerator();
            images.MoveNext();
            foreach (var projection in projector.Project(images.Current.Inputs, chunk))
            {
                yield return projection;
            }
        }
    }
}
