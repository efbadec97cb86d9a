using System.Runtime.CompilerServices;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Kernels;

/// <summary>The steps of a <see cref="RecurrentPass"/> in the order of time. Its tensors belong to the dispose scope it was
/// made in.</summary>
internal sealed unsafe class RecurrentForward
{
    private readonly RecurrentKernel _kernel;
    private readonly RecurrentLayout _at;
    private readonly int _features;
    private readonly Tensor[] _tensors;
    private readonly float* _fromInput; // weight_ih in panels
    private readonly float* _fromState; // weight_hh in panels
    private readonly float* _bias; // of the input's share
    private readonly float* _stateBias; // of the state's share, where it is kept apart
    private readonly float* _shares; // one step's
    private readonly float* _sequence;

    /// <param name="kernel">The kind of layer.</param>
    /// <param name="pass">Takes all values.</param>
    /// <param name="weights"><c>weight_ih</c>, <c>weight_hh</c>, <c>bias_ih</c>, <c>bias_hh</c>.</param>
    /// <param name="sequence"><c>[batch, time, features]</c>, contiguous.</param>
    public RecurrentForward(RecurrentKernel kernel, RecurrentPass pass, Tensor[] weights, Tensor sequence)
    {
        _kernel = kernel;
        _features = (int)weights[0].size(1);
        var bias = kernel.KeepsShareApart ? weights[2] : weights[2] + weights[3];
        var shares = empty(kernel.KeepsShareApart ? (pass.Steps.size(1) * weights[3].size(0)) + (pass.Threads * OpenMP.Gap) : 0);
        _tensors =
        [
            PanelGemm.Panels(weights[0].t()),
            PanelGemm.Panels(weights[1].t()),
            bias,
            weights[3],
            shares,
            zeros(weights[1].size(1)),
            sequence,
        ];
        _at = new RecurrentLayout(kernel, pass, _tensors[5]);
        _fromInput = TensorMemory.Pointer(_tensors[0]);
        _fromState = TensorMemory.Pointer(_tensors[1]);
        _bias = TensorMemory.Pointer(bias);
        _stateBias = TensorMemory.Pointer(weights[3]);
        _shares = TensorMemory.Pointer(shares);
        _sequence = TensorMemory.Pointer(sequence);
    }

    public void Run()
    {
        _at.ForSequences(
            (thread, first, end) => Run(first, end, _shares + (((nint)first * _at.GatesSize) + (thread * OpenMP.Gap)))
        );
        GC.KeepAlive(_tensors);
    }

    /// <summary>The states <c>[batch, time, hidden]</c>, or the last one <c>[batch, hidden]</c>.</summary>
    public Tensor Output(bool lastOnly)
    {
        var result = lastOnly ? empty(_at.Batch, _at.Units) : empty(_at.Batch, _at.Time, _at.Units);
        var into = TensorMemory.Floats(result);
        for (int sequence = 0; sequence < _at.Batch; sequence++)
        {
            for (int t = lastOnly ? _at.Time - 1 : 0; t < _at.Time; t++, into = into[_at.Units..])
            {
                new ReadOnlySpan<float>(_at.State(t, sequence), _at.Units).CopyTo(into);
            }
        }

        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Run(int first, int end, float* shares)
    {
        for (int t = 0; t < _at.Time; t++)
        {
            for (int sequence = first; sequence < end; sequence++)
            {
                var step = new Span<float>(_at.Step(t, sequence), _at.Features);
                new ReadOnlySpan<float>(_sequence + ((((nint)sequence * _at.Time) + t) * _features), _features).CopyTo(step);
                step[_features..].Clear();
            }

            Multiply(t, first, end - first, shares);
            for (int sequence = first; sequence < end; sequence++)
            {
                var row = _at.Row(t, sequence);
                row.Share = shares + ((nint)(sequence - first) * _at.GatesSize);
                _kernel.Step(row);
            }
        }
    }

    /// <summary>What input and state give to the gates.</summary>
    private void Multiply(int t, int first, int count, float* shares)
    {
        float* gates = _at.Gate(t, first);
        VectorFunctions.Repeat(_bias, _at.GatesSize, gates, count);
        PanelGemm.Multiply(_at.Step(t, first), _at.Features, count, _features, _fromInput, _at.GatesSize, gates);
        if (_kernel.KeepsShareApart)
        {
            gates = shares;
            VectorFunctions.Repeat(_stateBias, _at.GatesSize, gates, count);
        }

        if (t > 0)
        {
            PanelGemm.Multiply(_at.State(t - 1, first), _at.Units, count, _at.Units, _fromState, _at.GatesSize, gates);
        }
    }
}
