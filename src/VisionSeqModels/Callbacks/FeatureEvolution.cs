using VisionSeqModels.Core;
using VisionSeqModels.Data;
using VisionSeqModels.Drawing;
using VisionSeqModels.Training;
using VisionSeqModels.Visualization;

namespace VisionSeqModels;

/// <summary>Shows how features change in training: after some epochs, what most activates each chosen map of a layer, by
/// the Deconvnet. Zeiler and Fergus (2013), fig. 4.</summary>
/// <remarks>A sudden change means that another image became the strongest. File: <c>evolution_LAYER.png</c>, rewritten each
/// time; a row a map, a column an epoch.</remarks>
/// <param name="images">The images searched, for example the training set or a part of it; they stay the caller's.</param>
/// <param name="layer">The layer, as in <c>named_modules()</c>.</param>
public sealed class FeatureEvolution(IImageSource images, string layer) : Callback
{
    private readonly List<(int Epoch, IReadOnlyList<FeatureProjection> Maps)> _stages = [];
    private string _directory = "";

    /// <summary>The epochs after which to look; default 1, 2, 5, 10, 20, 30, 40, 64.</summary>
    public IReadOnlyList<int> Epochs { get; init; } = [1, 2, 5, 10, 20, 30, 40, 64];

    /// <summary>Which maps; null (default) for all.</summary>
    public IReadOnlyList<int>? Maps { get; init; }

    /// <summary>The folder; null (default) for the run directory, or the current directory where there is none.</summary>
    public string? Directory { get; init; }

    /// <inheritdoc/>
    public override CallbackStage Stage => CallbackStage.Report;

    /// <summary>What was found after each of those epochs: the strongest activation of each chosen map.</summary>
    public IReadOnlyList<(int Epoch, IReadOnlyList<FeatureProjection> Maps)> Stages => _stages;

    /// <inheritdoc/>
    protected internal override IReadOnlyList<string> Faults() =>
        new OptionFaults(nameof(FeatureEvolution))
            .Require(images is not null, nameof(images), "set", null)
            .Require(!string.IsNullOrWhiteSpace(layer), nameof(layer), "the name of a layer", layer is null ? null : $"'{layer}'")
            .Require(Epochs is not null, nameof(Epochs), "set", null)
            .All;

    /// <inheritdoc/>
    public override void OnFitStart(FitStartEvent e)
    {
        ProbedLayers.Check(e.Context.Model, [layer]); // a name that is not there is said before the first epoch
        _directory = e.Context.PathOf(Directory);
        _stages.Clear();
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(EpochEndEvent e)
    {
        if (!Epochs.Contains(e.Record.Epoch) || !e.Record.IsFinite || e.Record.IsPartial)
        {
            return;
        }

        var top = TopActivations.Measure(e.Context.Model, images, new TopActivationsOptions { Layer = layer, MaximumCount = 1 });
        var chosen = Maps ?? [.. Enumerable.Range(0, top.Maps.Count)];
        _stages.Add((e.Record.Epoch, [.. chosen.Select(map => top.Maps[map][0])]));
        var picture = Draw();
        picture.SavePng(Path.Combine(_directory, $"evolution_{layer}.png"));
        e.Context.Publish($"evolution_{layer}", picture);
    }

    private Picture Draw()
    {
        var tiles = Enumerable
            .Range(0, _stages[0].Maps.Count)
            .SelectMany(row =>
                _stages.Select(stage =>
                    stage.Maps[row].ToTile($"map {stage.Maps[row].Map}, epoch {stage.Epoch}\nimage {stage.Maps[row].ImageIndex}")
                )
            );
        return ImageGrid.Draw(
            [.. tiles],
            new ImageGridOptions { Columns = _stages.Count, Title = $"{layer}: what activates each map most, over the epochs" }
        );
    }
}
