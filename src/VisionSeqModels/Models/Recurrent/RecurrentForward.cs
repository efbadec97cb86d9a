using System.Runtime.CompilerServices;
using VisionSeqModels.Runtime;
using static TorchSharp.torch;

namespace VisionSeqModels.Models;

/// <summary>The steps of a <see cref="RecurrentPass"/> in the order of time. Its tensors belong to the dispose scope it was made in.</summary>
internal sealed unsafe class RecurrentForward
{
    private readonly RecurrentKernel _kernel;
    private readonly RecurrentPlaces _at;
    private readonly int _features;
    private readonly Tensor[] _tensors;
    private readonly float* _fromInput; // weight_ih in panels
    private readonly float* _fromState; // weight_hh in panels
    private readonly float* _bias; // of the input's share
    private readonly float* _stateBias; // of the state's share, where it is kept apart
    private readonly float* _shares; // one step's, [batch, gates × hidden]

    public RecurrentForward(RecurrentKernel kernel, RecurrentPass pass, Tensor[] weights, int threads)
    {
        _kernel = kernel;
        _features = (int)weights[0].size(1);
        var bias = kernel.KeepsShareApart ? weights[2] : weights[2] + weights[3];
        var shares = empty(kernel.KeepsShareApart ? pass.Steps.size(1) : 0, weights[3].size(0));
        _tensors = [RowProduct.Panels(weights[0].t()), RowProduct.Panels(weights[1].t()), bias, weights[3], shares, zeros(weights[1].size(1))];
        _at = new RecurrentPlaces(kernel, pass, _tensors[5], threads);
        _fromInput = TensorMemory.Pointer(_tensors[0]);
        _fromState = TensorMemory.Pointer(_tensors[1]);
        _bias = TensorMemory.Pointer(bias);
        _stateBias = TensorMemory.Pointer(weights[3]);
        _shares = TensorMemory.Pointer(shares);
    }

    public void Run()
    {
        _at.ForSequences((_, first, end) => Run(first, end));
        GC.KeepAlive(_tensors);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Run(int first, int end)
    {
        for (int t = 0; t < _at.Time; t++)
        {
            Multiply(t, first, end - first);
            for (int sequence = first; sequence < end; sequence++)
            {
                var row = _at.Row(t, sequence);
                row.Share = Share(sequence);
                _kernel.Step(row);
            }
        }
    }

    /// <summary>What input and state give to the gates.</summary>
    private void Multiply(int t, int first, int count)
    {
        float* gates = _at.Gate(t, first);
        VectorFunctions.Repeat(_bias, _at.GatesSize, gates, count);
        RowProduct.Multiply(_at.Step(t, first), _at.Features, count, _features, _fromInput, _at.GatesSize, gates);
        if (_kernel.KeepsShareApart)
        {
            gates = Share(first);
            VectorFunctions.Repeat(_stateBias, _at.GatesSize, gates, count);
        }

        if (t > 0)
        {
            RowProduct.Multiply(_at.State(t - 1, first), _at.Units, count, _at.Units, _fromState, _at.GatesSize, gates);
        }
    }

    private float* Share(int sequence) => _shares + ((nint)sequence * _at.GatesSize);
}
