using System.Runtime.CompilerServices;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Kernels;

/// <summary>The steps of a <see cref="RecurrentPass"/> backwards in time. Its tensors belong to the dispose scope it was
/// made in.</summary>
internal sealed unsafe class RecurrentBackward
{
    private readonly RecurrentKernel _kernel;
    private readonly RecurrentLayout _at;
    private readonly RecurrentWeightGradients _weights;
    private readonly Tensor[] _tensors;
    private readonly Tensor? _ofSequence; // [time, batch, features]
    private readonly float* _fromInput; // weight_ih in panels
    private readonly float* _fromState; // weight_hh in panels
    private readonly float* _last; // the last state's gradient, [batch, hidden]
    private readonly float* _gradients; // of a step's states
    private readonly float* _memoryGradients;
    private readonly float* _outside; // of every state from outside, [time, batch, hidden], or null

    /// <param name="kernel">The kind of layer.</param>
    /// <param name="pass">The pass forwards.</param>
    /// <param name="weights">Those of the pass.</param>
    /// <param name="last">The last state's gradient, <c>[batch, hidden]</c>, contiguous.</param>
    /// <param name="outside">Every state's gradient from outside, <c>[time, batch, hidden]</c>, contiguous, or null where
    /// the last alone has one.</param>
    /// <param name="ofSequence">Whether the sequence's gradient is asked for.</param>
    public RecurrentBackward(
        RecurrentKernel kernel,
        RecurrentPass pass,
        Tensor[] weights,
        Tensor last,
        Tensor? outside,
        bool ofSequence
    )
    {
        _kernel = kernel;
        long padding = pass.Steps.size(2) - weights[0].size(1);
        long size = last.numel() + (pass.Threads * OpenMP.Gap);
        var current = empty(size);
        var ofMemory = zeros(size);
        var nothing = zeros(last.size(1));
        var fromState = PanelGemm.Panels(weights[1]);
        var fromInput = ofSequence ? PanelGemm.Panels(nn.functional.pad(weights[0], [0, padding])) : fromState;
        _ofSequence = ofSequence ? zeros_like(pass.Steps) : null;
        _tensors =
        [
            pass.Steps,
            pass.Gates,
            pass.States,
            pass.Memory,
            current,
            ofMemory,
            nothing,
            fromState,
            fromInput,
            last,
            outside ?? last,
        ];
        _at = new RecurrentLayout(kernel, pass, nothing);
        _weights = new RecurrentWeightGradients(kernel, _at);
        _fromState = TensorMemory.Pointer(fromState);
        _fromInput = TensorMemory.Pointer(fromInput);
        _gradients = TensorMemory.Pointer(current);
        _last = TensorMemory.Pointer(last);
        _memoryGradients = TensorMemory.Pointer(ofMemory);
        _outside = outside is null ? null : TensorMemory.Pointer(outside);
        Features = (int)weights[0].size(1);
    }

    private int Features { get; }

    /// <summary>The gradients of the sequence, null unless it was asked for, and of the four weights.</summary>
    public Tensor?[] Run()
    {
        float* ofSequence = _ofSequence is null ? null : TensorMemory.Pointer(_ofSequence);
        _at.ForSequences((thread, first, end) => Run(thread, first, end, ofSequence));
        GC.KeepAlive(_tensors);
        return [_ofSequence?.narrow(2, 0, Features).transpose(0, 1), .. _weights.Finish(Features)];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Run(int thread, int first, int end, float* ofSequence)
    {
        int slot = 0;
        _weights.Begin(thread);
        new ReadOnlySpan<float>(_last + ((nint)first * _at.Units), (end - first) * _at.Units).CopyTo(
            new Span<float>(_gradients + Place(thread, first), (end - first) * _at.Units)
        );
        for (int t = _at.Time - 1; t >= 0; t--)
        {
            Back(t, thread, slot, first, end);
            if (ofSequence is not null)
            {
                PanelGemm.Multiply(
                    _weights.FromInput(thread, slot),
                    _weights.Stride,
                    end - first,
                    _at.GatesSize,
                    _fromInput,
                    _at.Features,
                    ofSequence + _at.ByTime(t, first, _at.Features)
                );
            }

            if (t > 0)
            {
                Hand(t, thread, slot, first, end - first);
            }

            if (++slot == _weights.Slots || t == 0)
            {
                _weights.Add(thread, t + slot - 1, slot, first, end - first);
                slot = 0;
            }
        }
    }

    /// <summary>From the state's gradient to the gates'.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Back(int t, int thread, int slot, int first, int end)
    {
        for (int sequence = first; sequence < end; sequence++)
        {
            var row = _at.Row(t, sequence);
            row.Gradient = _gradients + Place(thread, sequence);
            row.MemoryGradient = _memoryGradients + Place(thread, sequence);
            row.FromInput = _weights.FromInput(thread, slot, sequence - first);
            row.FromState = _weights.FromState(thread, slot, sequence - first);
            _kernel.Back(row);
        }
    }

    /// <summary>From the gates' gradients to that of the state before.</summary>
    private void Hand(int t, int thread, int slot, int first, int count)
    {
        float* gradients = _gradients + Place(thread, first);
        if (!_kernel.KeepsShareApart)
        {
            new Span<float>(gradients, count * _at.Units).Clear();
        }

        PanelGemm.Multiply(
            _weights.FromState(thread, slot),
            _weights.Stride,
            count,
            _at.GatesSize,
            _fromState,
            _at.Units,
            gradients
        );
        if (_outside is not null)
        {
            VectorFunctions.AddTo(gradients, _outside + _at.ByTime(t - 1, first, _at.Units), count * _at.Units);
        }
    }

    private nint Place(int thread, int sequence) => ((nint)sequence * _at.Units) + (thread * OpenMP.Gap);
}
