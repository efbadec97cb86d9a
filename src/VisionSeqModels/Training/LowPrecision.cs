using TorchSharp.Modules;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Training;

/// <summary>Forward and backward passes in bfloat16 with a model whose weights are float32. During a pass the model's
/// parameters hold rounded copies; afterwards they hold the float32 values again, and gradients in float32.</summary>
/// <remarks>Everything outside of a pass (clipping, the optimizer, callbacks, saved states, evaluation) therefore sees a float32
/// model. Batch normalisations stay in float32, as their running statistics need it. Only where a pass runs is anything
/// changed: the model's modules and the optimizer keep the same parameters all the time. Micikevicius et al., "Mixed precision
/// training" (2018).</remarks>
internal sealed class LowPrecision
{
    private readonly Tensor[] _weights;
    private readonly Tensor[] _buffers;

    private LowPrecision(nn.Module model)
    {
        var norms = model.named_modules().Select(entry => entry.Item2).Append(model).OfType<BatchNorm>().ToList();
        var apart = norms
            .SelectMany(norm => norm.parameters().Concat<Tensor>(norm.buffers()))
            .Select(kept => kept?.Handle)
            .ToHashSet();
        bool IsLowered(Tensor? tensor) =>
            tensor is not null && tensor.dtype == ScalarType.Float32 && !apart.Contains(tensor.Handle);
        _weights = [.. model.parameters().Where(IsLowered)];
        _buffers = [.. model.buffers().Where(IsLowered)];
    }

    /// <summary>For the precision that the options ask for; null for float32.</summary>
    public static LowPrecision? Of(nn.Module model, TrainerOptions options) =>
        options.Precision == TrainingPrecision.BFloat16 ? new LowPrecision(model) : null;

    /// <summary>Calls a model, inside of a pass where there is one.</summary>
    /// <returns>Its outputs, in float32 where they were bfloat16.</returns>
    public static Tensor Call(LowPrecision? precision, BatchNormCheck model, Tensor inputs, Tensor? lengths)
    {
        if (precision is null)
        {
            return model.Call(inputs, lengths);
        }

        var outputs = model.Call(inputs.dtype == ScalarType.Float32 ? inputs.to_type(ScalarType.BFloat16) : inputs, lengths);
        return outputs.dtype == ScalarType.BFloat16 ? outputs.to_type(ScalarType.Float32) : outputs;
    }

    /// <summary>Begins a pass; it ends when the result is disposed, within the same dispose scope.</summary>
    public IDisposable Begin()
    {
        using var noGradients = no_grad();
        return new Pass(_weights, _buffers);
    }

    private sealed class Pass : IDisposable
    {
        private readonly Tensor[] _weights;
        private readonly Tensor[] _buffers;
        private readonly Tensor?[] _gradients;
        private readonly Tensor[] _masters;

        public Pass(Tensor[] weights, Tensor[] buffers)
        {
            (_weights, _buffers) = (weights, buffers);
            _gradients = Array.ConvertAll(weights, weight => weight.grad);
            foreach (var weight in weights.Where((_, i) => _gradients[i] is not null))
            {
                weight.grad = null; // those of the pass are bfloat16
            }

            Tensor[] all = [.. weights, .. buffers];
            _masters = all.Length == 0 ? [] : (Tensor[])TorchScripts.Call("lower", (object)all)!;
        }

        public void Dispose()
        {
            using var noGradients = no_grad();
            using var scope = NewDisposeScope();
            for (int i = 0; i < _buffers.Length; i++)
            {
                Keep(_masters[_weights.Length + i], _buffers[i]);
            }

            Tensor?[] added = Array.ConvertAll(_weights, weight => weight.grad);
            if (_masters.Length > 0)
            {
                Tensor[] all = [.. _weights, .. _buffers];
                TorchScripts.Call("restore", all, _masters);
            }

            for (int i = 0; i < _weights.Length; i++)
            {
                _weights[i].grad = Sum(_gradients[i], added[i]);
            }
        }

        private static Tensor? Sum(Tensor? before, Tensor? added) =>
            added is null ? before
            : before is null ? added.to_type(ScalarType.Float32)
            : before.AddInPlace(added);

        /// <summary>Gives a buffer what the pass made of it; values that it left alone keep all their bits.</summary>
        private static void Keep(Tensor master, Tensor lowered)
        {
            var before = master.to_type(ScalarType.BFloat16);
            var same = lowered.eq(before) | (lowered.isnan() & before.isnan());
            master.copy_(where(same, master, lowered.to_type(ScalarType.Float32)));
        }
    }
}
