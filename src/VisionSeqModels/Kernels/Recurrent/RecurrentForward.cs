using System.Runtime.CompilerServices;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Kernels;

/// <summary>The forward pass of a <see cref="RecurrentValues"/>, from the first step to the last. Its tensors belong to the
/// dispose scope it was made in.</summary>
internal sealed unsafe class RecurrentForward
{
    private const int RowsAtOnce = 64; // of input projections: they stay in the cache

    private readonly RecurrentKernel _kernel;
    private readonly RecurrentLayout _layout;
    private readonly int _features;
    private readonly Tensor[] _tensors;
    private readonly float* _inputWeights; // weight_ih in panels
    private readonly float* _hiddenWeights; // weight_hh in panels
    private readonly float* _bias; // of the input projection, or of both
    private readonly float* _hiddenBias; // of the hidden projection, where it is separate
    private readonly float* _hiddenProjections; // of one step
    private readonly float* _sequence;

    /// <param name="kernel">The kind of layer.</param>
    /// <param name="pass">Where all values are written.</param>
    /// <param name="weights"><c>weight_ih</c>, <c>weight_hh</c>, <c>bias_ih</c>, <c>bias_hh</c>.</param>
    /// <param name="sequence"><c>[batch, time, features]</c>, contiguous.</param>
    public RecurrentForward(RecurrentKernel kernel, RecurrentValues pass, Tensor[] weights, Tensor sequence)
    {
        _kernel = kernel;
        long features = weights[0].size(1);
        _features = (int)features;
        var bias = kernel.SeparatesHiddenProjection ? weights[2] : weights[2].Plus(weights[3]);
        var zero = TensorMemory.Zeros(weights[1].size(1));
        _layout = new RecurrentLayout(kernel, pass, features, zero);
        var sizes = _layout.Sizes;
        long hiddenSize = sizes.HiddenProjections(pass.Threads);
        var hiddenProjections = TensorMemory.Empty(hiddenSize);
        _tensors =
        [
            PanelCut.OfTransposed(weights[0]),
            PanelCut.OfTransposed(weights[1]),
            bias,
            weights[3],
            hiddenProjections,
            zero,
            sequence,
        ];
        _inputWeights = TensorMemory.Pointer(_tensors[0], sizes.Gates * features);
        _hiddenWeights = TensorMemory.Pointer(_tensors[1], sizes.Gates * sizes.Units);
        _bias = TensorMemory.Pointer(bias, sizes.Gates);
        _hiddenBias = TensorMemory.Pointer(weights[3], sizes.Gates);
        _hiddenProjections = TensorMemory.Pointer(hiddenProjections, hiddenSize);
        _sequence = TensorMemory.Pointer(sequence, sizes.Batch * sizes.Time * features);
    }

    public void Run()
    {
        _layout.ForSequences(
            (thread, first, end) =>
                Run(first, end, _hiddenProjections + (((nint)first * _layout.GatesSize) + (thread * OpenMP.Gap)))
        );
        GC.KeepAlive(_tensors);
    }

    /// <summary>The states <c>[batch, time, hidden]</c>, or the last one <c>[batch, hidden]</c>.</summary>
    public Tensor Output(bool lastOnly)
    {
        var result = lastOnly
            ? TensorMemory.Empty(_layout.Batch, _layout.Units)
            : TensorMemory.Empty(_layout.Batch, _layout.Time, _layout.Units);
        var into = TensorMemory.Floats(result, result.numel());
        for (int sequence = 0; sequence < _layout.Batch; sequence++)
        {
            for (int t = lastOnly ? _layout.Time - 1 : 0; t < _layout.Time; t++, into = into[_layout.Units..])
            {
                new ReadOnlySpan<float>(_layout.State(t, sequence), _layout.Units).CopyTo(into);
            }
        }

        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Run(int first, int end, float* hiddenProjections)
    {
        int count = end - first;
        int atOnce = Math.Max(1, RowsAtOnce / count); // steps
        for (int t = 0; t < _layout.Time; t++)
        {
            if (t % atOnce == 0)
            {
                ProjectInputs(t, Math.Min(t + atOnce, _layout.Time), first, end);
            }

            ProjectState(t, first, count, hiddenProjections);
            for (int sequence = first; sequence < end; sequence++)
            {
                var row = _layout.Row(t, sequence);
                row.HiddenProjection = hiddenProjections + ((nint)(sequence - first) * _layout.GatesSize);
                _kernel.Step(row);
            }
        }
    }

    /// <summary>Copies the values of some steps, and computes their input projections: no step waits for another there.</summary>
    private void ProjectInputs(int begin, int endTime, int first, int end)
    {
        for (int t = begin; t < endTime; t++)
        {
            for (int sequence = first; sequence < end; sequence++)
            {
                var step = new Span<float>(_layout.Step(t, sequence), _layout.Features);
                new ReadOnlySpan<float>(_sequence + ((((nint)sequence * _layout.Time) + t) * _features), _features).CopyTo(step);
                step[_features..].Clear();
            }
        }

        int rows = (endTime - begin) * (end - first); // a thread's rows follow each other
        float* gates = _layout.Gate(begin, first);
        VectorFunctions.Repeat(_bias, _layout.GatesSize, gates, rows);
        PanelGemm.MultiplyAdd(
            _layout.Step(begin, first),
            _layout.Features,
            rows,
            _features,
            _inputWeights,
            _layout.GatesSize,
            gates
        );
    }

    /// <summary>Computes the hidden projections of a step.</summary>
    private void ProjectState(int t, int first, int count, float* hiddenProjections)
    {
        float* into = _layout.Gate(t, first);
        if (_kernel.SeparatesHiddenProjection)
        {
            into = hiddenProjections;
            VectorFunctions.Repeat(_hiddenBias, _layout.GatesSize, into, count);
        }

        if (t > 0)
        {
            PanelGemm.MultiplyAdd(
                _layout.State(t - 1, first),
                _layout.Units,
                count,
                _layout.Units,
                _hiddenWeights,
                _layout.GatesSize,
                into
            );
        }
    }
}
