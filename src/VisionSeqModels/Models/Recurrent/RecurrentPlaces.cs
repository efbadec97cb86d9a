using VisionSeqModels.Runtime;
using static TorchSharp.torch;

namespace VisionSeqModels.Models;

/// <summary>Where in memory the values of a <see cref="RecurrentPass"/> lie, by step and sequence. Its tensors must be kept while it is used.</summary>
internal sealed unsafe class RecurrentPlaces
{
    private readonly bool _keepsMemory;
    private readonly int _batch;
    private readonly int _gatesSize;
    private readonly float* _gates;
    private readonly float* _states;
    private readonly float* _memory;
    private readonly float* _zeros;

    /// <param name="kernel">The kind of layer.</param>
    /// <param name="pass">The tensors.</param>
    /// <param name="zeros">A state of zeros.</param>
    public RecurrentPlaces(RecurrentKernel kernel, RecurrentPass pass, Tensor zeros)
    {
        Units = (int)zeros.size(0);
        Time = (int)pass.States.size(0);
        _batch = (int)pass.States.size(1);
        _gatesSize = kernel.Gates * Units;
        _keepsMemory = !kernel.StateIsGate;
        _gates = TensorMemory.Pointer(pass.Gates);
        _states = TensorMemory.Pointer(pass.States);
        _memory = TensorMemory.Pointer(pass.Memory);
        _zeros = TensorMemory.Pointer(zeros);
    }

    public int Units { get; }

    public int Time { get; }

    /// <summary>Of one step: <c>[batch, gates × units]</c>.</summary>
    public float* Shares { get; init; }

    /// <summary><c>[gates × units]</c>.</summary>
    public float* Bias { get; init; }

    /// <summary>Of one step: <c>[batch, units]</c>.</summary>
    public float* Gradients { get; init; }

    /// <summary>Of one step: <c>[batch, units]</c>.</summary>
    public float* MemoryGradients { get; init; }

    /// <summary><c>[time, batch, gates × units]</c>.</summary>
    public float* FromInput { get; init; }

    /// <summary><c>[time, batch, gates × units]</c>.</summary>
    public float* FromState { get; init; }

    public RecurrentRow Row(int t, int sequence) => new()
    {
        Units = Units,
        Gate = Gate(t, sequence),
        Share = Share(sequence),
        Bias = Bias,
        Before = t > 0 ? State(t - 1, sequence) : _zeros,
        State = State(t, sequence),
        Memory = _memory + Offset(t, sequence),
        MemoryBefore = t > 0 && _keepsMemory ? _memory + Offset(t - 1, sequence) : _zeros,
        Gradient = Gradients + ((nint)sequence * Units),
        MemoryGradient = MemoryGradients + ((nint)sequence * Units),
        FromInput = FromInput + ((((nint)t * _batch) + sequence) * _gatesSize),
        FromState = FromState + ((((nint)t * _batch) + sequence) * _gatesSize),
    };

    public float* Gate(int t, int sequence) => _gates + ((((nint)t * _batch) + sequence) * _gatesSize);

    public float* State(int t, int sequence) => _states + Offset(t, sequence);

    public float* Share(int sequence) => Shares + ((nint)sequence * _gatesSize);

    /// <summary>Floats from the first state to another.</summary>
    public nint Offset(int t, int sequence) => (((nint)t * _batch) + sequence) * Units;
}
