using System.Runtime.CompilerServices;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Kernels;

/// <summary> The gradients of a layer's weights, summed up on the way back by each thread for itself. The gradients of what
/// input and state gave to the gates are kept for a few steps alone: enough that adding their products is worth going
/// through the sums, which are larger than a processor's nearest cache. Its tensors belong to the dispose scope it was made
/// in. </summary>
internal sealed unsafe class RecurrentWeightGradients
{
    private const int RowsAtOnce = 64;

    // floats between rows: at distances of powers of two they would push each other out of the cache
    private const int RowGap = 16;

    private readonly RecurrentLayout _at;
    private readonly bool _keepsShareApart;
    private readonly int _rows; // of a step, at most
    private readonly ThreadSums _inputWeights,
        _stateWeights,
        _inputBiases,
        _stateBiases;
    private readonly Tensor _gates;
    private readonly float* _gatesAt;
    private readonly nint _gatesSize; // of a thread

    public RecurrentWeightGradients(RecurrentKernel kernel, RecurrentLayout at)
    {
        _at = at;
        _keepsShareApart = kernel.KeepsShareApart;
        _rows = (at.Blocks + at.Threads - 1) / at.Threads * PanelGemm.Block;
        Slots = Math.Max(1, RowsAtOnce / _rows);
        _gatesSize = ((_keepsShareApart ? 2 : 1) * Slots * _rows * Stride) + OpenMP.Gap;
        _gates = empty(at.Threads * (long)_gatesSize);
        _gatesAt = TensorMemory.Pointer(_gates);
        _inputWeights = new ThreadSums(at.Threads, at.GatesSize, at.Features);
        _stateWeights = new ThreadSums(at.Threads, at.GatesSize, at.Units);
        _inputBiases = new ThreadSums(at.Threads, at.GatesSize, 1);
        _stateBiases = _keepsShareApart ? new ThreadSums(at.Threads, at.GatesSize, 1) : _inputBiases;
    }

    /// <summary>Steps whose gradients there is room for.</summary>
    public int Slots { get; }

    /// <summary>Floats from a sequence's gradients to the next one's.</summary>
    public int Stride => _at.GatesSize + RowGap;

    /// <summary>Where a thread puts the gradient of what the input gave to the gates, for its sequences counted from 0.</summary>
    public float* FromInput(int thread, int slot, int row = 0) =>
        _gatesAt + (thread * _gatesSize) + (((slot * _rows) + row) * Stride);

    /// <summary>The same for what the state gave; the same place where both are one.</summary>
    public float* FromState(int thread, int slot, int row = 0) => FromInput(thread, (_keepsShareApart ? Slots : 0) + slot, row);

    /// <summary>Sets a thread's sums to zero.</summary>
    public void Begin(int thread)
    {
        _inputWeights.Clear(thread);
        _stateWeights.Clear(thread);
        _inputBiases.Clear(thread);
        _stateBiases.Clear(thread);
    }

    /// <summary>Adds what the steps give that are in the slots.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="t">The step in the first slot; the others follow backwards in time.</param>
    /// <param name="slots">How many.</param>
    /// <param name="first">The thread's first sequence.</param>
    /// <param name="rows">How many it has.</param>
    public void Add(int thread, int t, int slots, int first, int rows)
    {
        var inputs = new RowGroups(FromInput(thread, 0), _at.GatesSize, Stride, (nint)_rows * Stride);
        var states = new RowGroups(FromState(thread, 0), _at.GatesSize, Stride, (nint)_rows * Stride);
        PanelGemm.AddOuter(
            inputs,
            new RowGroups(_at.Step(t, first), _at.Features, _at.Features, -(nint)rows * _at.Features),
            rows,
            slots,
            _inputWeights.Of(thread)
        );
        int withBefore = t - slots + 1 > 0 ? slots : slots - 1; // the first step has no state before
        if (withBefore > 0)
        {
            PanelGemm.AddOuter(
                states,
                new RowGroups(_at.State(t - 1, first), _at.Units, _at.Units, -(nint)rows * _at.Units),
                rows,
                withBefore,
                _stateWeights.Of(thread)
            );
        }

        AddRows(inputs, rows, slots, _inputBiases.Of(thread));
        if (_keepsShareApart)
        {
            AddRows(states, rows, slots, _stateBiases.Of(thread));
        }
    }

    /// <summary>The gradients of <c>weight_ih</c>, <c>weight_hh</c>, <c>bias_ih</c>, <c>bias_hh</c>, of all threads
    /// together.</summary>
    /// <param name="features">Features that there are.</param>
    public Tensor[] Finish(int features)
    {
        GC.KeepAlive(_gates);
        var biases = _inputBiases.Total(1).flatten();
        return
        [
            _inputWeights.Total(features),
            _stateWeights.Total(_at.Units),
            biases,
            _keepsShareApart ? _stateBiases.Total(1).flatten() : biases.clone(),
        ];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddRows(in RowGroups values, int rows, int groups, float* sums)
    {
        for (int group = 0; group < groups; group++)
        {
            for (int row = 0; row < rows; row++)
            {
                VectorFunctions.AddTo(sums, values.Start + (group * values.GroupStride) + (row * values.Stride), values.Width);
            }
        }
    }
}
