using TorchSharp;
using VisionSeqModels.Checkpoints;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Checkpoints;

/// <summary>What is lent or tried is given back, bit for bit, and nothing of it stays.</summary>
[Collection("Torch")]
public sealed class ModelStateScopeTests : IDisposable
{
    private readonly nn.Module<Tensor, Tensor> _model = TinyModel.Create();

    public void Dispose() => _model.Dispose();

    [Fact]
    public void WeightsGradientsModesAndRandomState_AreThoseOfBefore()
    {
        using var outer = NewDisposeScope();
        _model.train();
        var first = _model.get_parameter("hidden.weight")!;
        first.grad = full_like(first, 3);
        manual_seed(5);
        var expected = rand(4);
        manual_seed(5);
        var weights = Values();
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (new ModelStateScope(_model))
        {
            using var scope = NewDisposeScope();
            _model.eval();
            foreach (var parameter in _model.parameters())
            {
                parameter.grad = ones_like(parameter);
                using var none = no_grad();
                parameter.fill_(9);
            }

            rand(100);
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.Equal(weights, Values());
        Assert.True(_model.training);
        Assert.All(first.grad!.data<float>().ToArray(), value => Assert.Equal(3, value));
        Assert.Null(_model.get_parameter("out.weight")!.grad);
        Assert.Equal(expected.data<float>().ToArray(), rand(4).data<float>().ToArray());
    }

    [Fact]
    public void LentWeights_AreTheModels_UntilTheyAreGivenBack()
    {
        using var outer = NewDisposeScope();
        var weights = Values();
        var lent = _model.state_dict().ToDictionary(entry => entry.Key, entry => full_like(entry.Value.detach(), 2));
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (new LentWeights(_model, lent))
        {
            Assert.All(Values(), value => Assert.Equal(2, value));
        }

        Assert.Equal(weights, Values());
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Moments_LeaveNothingWhenTheyGo()
    {
        using var outer = NewDisposeScope();
        _model.state_dict();
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (var moments = new WeightMoments(_model))
        {
            moments.Add(_model);
            Assert.Equal(1, moments.Count);
            Assert.All(
                moments.Mean.Values.Concat(moments.Save().Select(entry => entry.Value)),
                t => Assert.False(t.requires_grad)
            );
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private float[] Values()
    {
        using var scope = NewDisposeScope();
        return [.. _model.state_dict().Values.SelectMany(tensor => tensor.detach().data<float>().ToArray())];
    }
}
