using VisionSeqModels.Data;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Data;

[Collection("Torch")]
public sealed class BatchSourceTests
{
    [Fact]
    public void From_AList_TrainsEveryEpochOverIt()
    {
        using var data = new TinyData(64);
        using var scope = NewDisposeScope();
        var batches = data.Read(new BatchRequest { BatchSize = 16 }).ToList();
        using var model = TinyModel.Create();

        var history = new Trainer(new TrainerOptions { Epochs = 2, Seed = 1 }).Fit(model, BatchSource.From("list", batches, 64));

        Assert.Equal(8, history.Steps);
        Assert.True(history["train_loss"][1] < history["train_loss"][0]);
    }

    [Fact]
    public void From_AFunction_ReceivesSeedAndEpoch()
    {
        using var data = new TinyData(32);
        using var model = TinyModel.Create();
        var asked = new List<(long Seed, int Epoch)>();
        var source = BatchSource.From(
            "function",
            request =>
            {
                asked.Add((request.Seed, request.Epoch));
                return data.Read(request);
            }
        );

        new Trainer(new TrainerOptions { Epochs = 2, Seed = 9 }).Fit(model, source);

        Assert.Equal([(9, 1), (9, 2)], asked);
    }

    [Fact]
    public void From_ATorchSharpDataLoader_TrainsAndCounts()
    {
        using var set = new Points(40);
        using var loader = utils.data.DataLoader(set, 16, shuffle: false, device: CPU);
        using var model = TinyModel.Create();

        var history = new Trainer(new TrainerOptions { Epochs = 2, Seed = 1 }).Fit(model, BatchSource.From(loader));

        Assert.Equal(6, history.Steps);
        Assert.Equal(40, history.Epochs[0].Samples);
    }

    [Fact]
    public void From_ADataLoaderWithOtherKeys_NamesThoseItHas()
    {
        using var set = new Points(40);
        using var loader = utils.data.DataLoader(set, 16, shuffle: false, device: CPU);
        var source = BatchSource.From(loader, inputs: "images");

        var error = Assert.Throws<KeyNotFoundException>(() => source.Read(new BatchRequest { BatchSize = 16 }).First());

        Assert.Contains("'images'", error.Message, StringComparison.Ordinal);
        Assert.Contains("data, label", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void From_ADataLoaderWithoutAName_IsRefused()
    {
        using var set = new Points(4);
        using var loader = utils.data.DataLoader(set, 2, shuffle: false, device: CPU);
        Assert.Equal("name", Assert.Throws<ArgumentException>(() => BatchSource.From(loader, name: " ")).ParamName);
    }

    [Fact]
    public void Batch_OfDifferentLengths_IsRefused()
    {
        using var scope = NewDisposeScope();
        var error = Assert.Throws<ArgumentException>(() => new Batch(zeros(3, 2), zeros(4)));
        Assert.Contains("[3, 2]", error.Message, StringComparison.Ordinal);
    }

    private sealed class Points(int count) : utils.data.Dataset
    {
        public override long Count => count;

        public override Dictionary<string, Tensor> GetTensor(long index) =>
            new() { ["data"] = tensor(new[] { index % 2, 0.5f }), ["label"] = tensor(index % 2) };
    }
}
