using System.Globalization;
using VisionSeqModels.Core;
using VisionSeqModels.Data;
using VisionSeqModels.Drawing;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>The images of a data set that activate each of a layer's feature maps most, and what in them does. Zeiler and
/// Fergus (2013), fig. 2.</summary>
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

    /// <summary>What the rule of the projections does not reach, in a sentence; null where it reaches every ReLU.</summary>
    public string? Warning { get; init; }

    /// <summary>Goes through a data set once, keeping the strongest activations, then projects only those. Memory does not
    /// grow with the data.</summary>
    /// <param name="model">The model, on any device; nothing of it changes.</param>
    /// <param name="data">The images.</param>
    /// <param name="options">Which layer, how many for each map, batch size; null for the defaults.</param>
    /// <param name="cancellationToken">Checked between batches.</param>
    /// <inheritdoc cref="Deconvnet.Measure"/>
    public static TopActivations Measure(
        nn.Module<Tensor, Tensor> model,
        IImageSource data,
        TopActivationsOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        options ??= new TopActivationsOptions();
        options.Validate();
        using var normal = inference_mode(false);
        using var gradients = enable_grad();
        using var scope = NewDisposeScope();
        var first = Inputs(data, [0], ModelDevice.Of(model));
        string layer = options.Layer ?? ClassActivationMaps.LastMapLayer(model, first);
        var projector = new DeconvnetProjector(model, first, layer);
        var best = new TopActivationSearch(model, projector, layer, options).Run(data, cancellationToken);
        var projections = Project(projector, data, best, ViewPass.Request(model, options), cancellationToken)
            .ToLookup(projection => projection.Map);
        return new TopActivations
        {
            Layer = layer,
            Source = data.Name,
            SampleCount = data.Count,
            Maps = [.. best.Select((_, map) => projections[map].ToList())],
            Warning = projector.Warning,
        };
    }

    /// <summary>Draws a map's projections beside the patches of the images that they see.</summary>
    /// <param name="data">The images they were found in.</param>
    /// <param name="maps">Which maps; null for all.</param>
    public Picture Draw(IImageSource data, IReadOnlyList<int>? maps = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        foreach (int wrong in (maps ?? []).Where(map => map < 0 || map >= Maps.Count))
        {
            throw new ArgumentOutOfRangeException(
                nameof(maps),
                $"The layer '{Layer}' has maps from 0 to {Maps.Count - 1}, so it has no map {wrong}."
            );
        }

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
    public void Save(string path) => ResultFile.Save(path, this, JsonFormat.Compact);

    private static ImageTile Patch(IImageSource data, FeatureProjection projection)
    {
        using var scope = NewDisposeScope();
        var box = projection.Box;
        return ImageTile.OfPixels(
            data.GetPixels(projection.ImageIndex).narrow(1, box.Top, box.Height).narrow(2, box.Left, box.Width),
            data.ClassNames[data.GetLabel(projection.ImageIndex)]
        );
    }

    private static IEnumerable<FeatureProjection> Project(
        DeconvnetProjector projector,
        IImageSource data,
        List<TopActivationSearch.Place[]> best,
        BatchRequest request,
        CancellationToken cancellationToken
    )
    {
        var places = best.SelectMany((places, map) => places.Select(place => (place.Image, Map: map, place.Row, place.Column)));
        foreach (var chunk in places.Chunk(request.BatchSize))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var inputs = Inputs(data, [.. chunk.Select(place => place.Image)], request.Device);
            foreach (var projection in projector.Project(inputs, chunk))
            {
                yield return projection;
            }
        }
    }

    /// <summary>Chosen images in one batch, as the model is fed them.</summary>
    private static Tensor Inputs(IImageSource data, IReadOnlyList<long> indices, Device device)
    {
        using var batches = data.Read(new BatchRequest { BatchSize = indices.Count, Device = device }, indices).GetEnumerator();
        BatchReader.Next(batches, data.Name);
        return batches.Current.Inputs;
    }
}
