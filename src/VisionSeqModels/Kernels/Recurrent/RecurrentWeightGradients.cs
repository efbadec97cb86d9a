using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace VisionSeqModels.Kernels;

/// <summary>The gradients of a layer's weights, which each thread sums for itself in the backward pass.</summary>
/// <remarks>The projections' gradients are kept for a few steps only, as many as make it worth going through the sums, which
/// are larger than a core's first cache. Its tensors belong to the dispose scope it was made in.</remarks>
internal sealed unsafe class RecurrentWeightGradients
{
    private readonly RecurrentLayout _layout;
    private readonly bool _separatesHiddenProjection;
    private readonly int _rows; // of a step, at most
    private readonly ThreadSums _inputWeights,
        _hiddenWeights,
        _inputBiases,
        _hiddenBiases;
    private readonly Tensor _gates;
    private readonly float* _gatesAt;
    private readonly nint _gatesSize; // of a thread

    public RecurrentWeightGradients(RecurrentKernel kernel, RecurrentLayout at)
    {
        _layout = at;
        _separatesHiddenProjection = kernel.SeparatesHiddenProjection;
        var sizes = at.Sizes;
        _rows = (int)sizes.Rows(at.Threads);
        Slots = (int)sizes.Slots(at.Threads);
        Stride = (int)sizes.GateStride;
        _gatesSize = (nint)sizes.ProjectionGradients(at.Threads);
        _gates = TensorMemory.Empty(at.Threads * (long)_gatesSize);
        _gatesAt = TensorMemory.Pointer(_gates, at.Threads * (long)_gatesSize);
        _inputWeights = new ThreadSums(at.Threads, at.GatesSize, at.Features);
        _hiddenWeights = new ThreadSums(at.Threads, at.GatesSize, at.Units);
        _inputBiases = new ThreadSums(at.Threads, at.GatesSize, 1);
        _hiddenBiases = _separatesHiddenProjection ? new ThreadSums(at.Threads, at.GatesSize, 1) : _inputBiases;
    }

    /// <summary>Steps whose gradients there is room for.</summary>
    public int Slots { get; }

    /// <summary>Floats from a sequence's gradients to the next one's.</summary>
    public int Stride { get; }

    /// <summary>Where a thread puts the gradient of the input projection, for its sequences counted from 0.</summary>
    public float* InputProjection(int thread, int slot, int row = 0) =>
        _gatesAt + (thread * _gatesSize) + ((((nint)slot * _rows) + row) * Stride);

    /// <summary>Where a thread puts the gradient of the hidden projection; the same place where the two are not
    /// separate.</summary>
    public float* HiddenProjection(int thread, int slot, int row = 0) =>
        InputProjection(thread, (_separatesHiddenProjection ? Slots : 0) + slot, row);

    /// <summary>Sets a thread's sums to zero.</summary>
    public void Begin(int thread)
    {
        _inputWeights.Clear(thread);
        _hiddenWeights.Clear(thread);
        _inputBiases.Clear(thread);
        _hiddenBiases.Clear(thread);
    }

    /// <summary>Adds the products of the steps that are in the slots.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="t">The step in the first slot; the others follow backwards in time.</param>
    /// <param name="slots">How many.</param>
    /// <param name="first">The thread's first sequence.</param>
    /// <param name="rows">How many it has.</param>
    public void Add(int thread, int t, int slots, int first, int rows)
    {
        var inputs = new RowGroups(InputProjection(thread, 0), _layout.GatesSize, Stride, (nint)_rows * Stride);
        var states = new RowGroups(HiddenProjection(thread, 0), _layout.GatesSize, Stride, (nint)_rows * Stride);
        PanelGemm.AddOuterProducts(
            inputs,
            new RowGroups(_layout.Step(t, first), _layout.Features, _layout.Features, -(nint)rows * _layout.Features),
            rows,
            slots,
            _inputWeights.Of(thread)
        );
        int withPrevious = t - slots + 1 > 0 ? slots : slots - 1; // the first step has no previous state
        if (withPrevious > 0)
        {
            PanelGemm.AddOuterProducts(
                states,
                new RowGroups(_layout.State(t - 1, first), _layout.Units, _layout.Units, -(nint)rows * _layout.Units),
                rows,
                withPrevious,
                _hiddenWeights.Of(thread)
            );
        }

        AddRows(inputs, rows, slots, _inputBiases.Of(thread));
        if (_separatesHiddenProjection)
        {
            AddRows(states, rows, slots, _hiddenBiases.Of(thread));
        }
    }

    /// <summary>The gradients of <c>weight_ih</c>, <c>weight_hh</c>, <c>bias_ih</c>, <c>bias_hh</c>, of all threads
    /// together.</summary>
    /// <param name="features">Features of the sequence, without padding.</param>
    public Tensor[] Finish(int features)
    {
        GC.KeepAlive(_gates);
        var biases = _inputBiases.Total(1).flatten();
        return
        [
            _inputWeights.Total(features),
            _hiddenWeights.Total(_layout.Units),
            biases,
            _separatesHiddenProjection ? _hiddenBiases.Total(1).flatten() : biases.clone(),
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
