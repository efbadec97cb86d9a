using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace VisionSeqModels.Kernels;

/// <summary>The backward pass of a <see cref="RecurrentValues"/>, from the last step to the first. Its tensors belong to the
/// dispose scope it was made in.</summary>
internal sealed unsafe class RecurrentBackward
{
    private readonly RecurrentKernel _kernel;
    private readonly RecurrentLayout _layout;
    private readonly RecurrentWeightGradients _weights;
    private readonly Tensor[] _tensors;
    private readonly Tensor? _sequenceGradient; // [time, batch, features]
    private readonly float* _inputWeights; // weight_ih in panels
    private readonly float* _hiddenWeights; // weight_hh in panels
    private readonly float* _lastGradient; // the last state's gradient, [batch, hidden]
    private readonly float* _stateGradients; // of one step
    private readonly float* _memoryGradients;
    private readonly float* _outputGradients; // of every step's output, [time, batch, hidden], or null

    /// <param name="kernel">The kind of layer.</param>
    /// <param name="pass">The forward pass.</param>
    /// <param name="weights">Those of the pass.</param>
    /// <param name="last">The last state's gradient, <c>[batch, hidden]</c>, contiguous.</param>
    /// <param name="outputGradients">The gradient of every step's output, <c>[time, batch, hidden]</c>, contiguous; null
    /// where only the last state has one.</param>
    /// <param name="wantsSequenceGradient">Whether the sequence's gradient is needed.</param>
    public RecurrentBackward(
        RecurrentKernel kernel,
        RecurrentValues pass,
        Tensor[] weights,
        Tensor last,
        Tensor? outputGradients,
        bool wantsSequenceGradient
    )
    {
        _kernel = kernel;
        long features = weights[0].size(1);
        var nothing = TensorMemory.Zeros(last.size(1));
        _layout = new RecurrentLayout(kernel, pass, features, nothing);
        var sizes = _layout.Sizes;
        long padding = sizes.PaddedFeatures - features;
        long size = sizes.StateGradients(pass.Threads);
        var current = TensorMemory.Empty(size);
        var ofMemory = TensorMemory.Zeros(size);
        var hiddenWeights = PanelCut.Of(weights[1]);
        var inputWeights = wantsSequenceGradient ? PanelCut.Of(nn.functional.pad(weights[0], [0, padding])) : hiddenWeights;
        _sequenceGradient = wantsSequenceGradient ? TensorMemory.Zeros(pass.Steps.shape) : null;
        _tensors =
        [
            pass.Steps,
            pass.Gates,
            pass.States,
            pass.Memory,
            current,
            ofMemory,
            nothing,
            hiddenWeights,
            inputWeights,
            last,
            outputGradients ?? last,
        ];
        _weights = new RecurrentWeightGradients(kernel, _layout);
        _hiddenWeights = TensorMemory.Pointer(hiddenWeights, sizes.Gates * sizes.Units);
        _inputWeights = TensorMemory.Pointer(
            inputWeights,
            sizes.Gates * (wantsSequenceGradient ? sizes.PaddedFeatures : sizes.Units)
        );
        _stateGradients = TensorMemory.Pointer(current, size);
        _lastGradient = TensorMemory.Pointer(last, sizes.Batch * sizes.Units);
        _memoryGradients = TensorMemory.Pointer(ofMemory, size);
        _outputGradients = outputGradients is null
            ? null
            : TensorMemory.Pointer(outputGradients, sizes.Batch * sizes.Time * sizes.Units);
        Features = (int)features;
    }

    private int Features { get; }

    /// <summary>The gradients of the sequence, null unless it is needed, and of the four weights.</summary>
    public Tensor?[] Run()
    {
        float* sequenceGradient = _sequenceGradient is null
            ? null
            : TensorMemory.Pointer(_sequenceGradient, _sequenceGradient.numel());
        _layout.ForSequences((thread, first, end) => Run(thread, first, end, sequenceGradient));
        GC.KeepAlive(_tensors);
        return [_sequenceGradient?.narrow(2, 0, Features).transpose(0, 1), .. _weights.Finish(Features)];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Run(int thread, int first, int end, float* sequenceGradient)
    {
        int slot = 0;
        _weights.Begin(thread);
        new ReadOnlySpan<float>(_lastGradient + ((nint)first * _layout.Units), (end - first) * _layout.Units).CopyTo(
            new Span<float>(_stateGradients + Offset(thread, first), (end - first) * _layout.Units)
        );
        for (int t = _layout.Time - 1; t >= 0; t--)
        {
            StepBackward(t, thread, slot, first, end);
            if (sequenceGradient is not null)
            {
                PanelGemm.MultiplyAdd(
                    _weights.InputProjection(thread, slot),
                    _weights.Stride,
                    end - first,
                    _layout.GatesSize,
                    _inputWeights,
                    _layout.Features,
                    sequenceGradient + _layout.TimeMajorOffset(t, first, _layout.Features)
                );
            }

            if (t > 0)
            {
                PropagateToPreviousStep(t, thread, slot, first, end - first);
            }

            if (++slot == _weights.Slots || t == 0)
            {
                _weights.Add(thread, t + slot - 1, slot, first, end - first);
                slot = 0;
            }
        }
    }

    /// <summary>Turns the gradient of a step's hidden state into those of its projections.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void StepBackward(int t, int thread, int slot, int first, int end)
    {
        for (int sequence = first; sequence < end; sequence++)
        {
            var row = _layout.Row(t, sequence);
            row.StateGradient = _stateGradients + Offset(thread, sequence);
            row.MemoryGradient = _memoryGradients + Offset(thread, sequence);
            row.InputProjectionGradient = _weights.InputProjection(thread, slot, sequence - first);
            row.HiddenProjectionGradient = _weights.HiddenProjection(thread, slot, sequence - first);
            _kernel.StepBackward(row);
        }
    }

    /// <summary>Turns the gradient of a step's hidden projection into that of the previous hidden state.</summary>
    private void PropagateToPreviousStep(int t, int thread, int slot, int first, int count)
    {
        float* gradients = _stateGradients + Offset(thread, first);
        if (!_kernel.SeparatesHiddenProjection)
        {
            new Span<float>(gradients, count * _layout.Units).Clear();
        }

        PanelGemm.MultiplyAdd(
            _weights.HiddenProjection(thread, slot),
            _weights.Stride,
            count,
            _layout.GatesSize,
            _hiddenWeights,
            _layout.Units,
            gradients
        );
        if (_outputGradients is not null)
        {
            VectorFunctions.AddTo(
                gradients,
                _outputGradients + _layout.TimeMajorOffset(t - 1, first, _layout.Units),
                count * _layout.Units
            );
        }
    }

    private nint Offset(int thread, int sequence) => ((nint)sequence * _layout.Units) + (thread * OpenMP.Gap);
}
