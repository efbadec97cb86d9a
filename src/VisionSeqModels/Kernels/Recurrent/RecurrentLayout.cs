using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace VisionSeqModels.Kernels;

/// <summary>Where the values of a <see cref="RecurrentValues"/> lie in memory, by step and sequence: Kernels/README.md draws
/// it. Its tensors must stay alive while it is used.</summary>
internal sealed unsafe class RecurrentLayout
{
    private readonly bool _keepsMemory;
    private readonly int[] _first; // by sequence: the first sequence of its thread
    private readonly int[] _count; // by sequence: how many its thread has
    private readonly float* _steps;
    private readonly float* _gates;
    private readonly float* _states;
    private readonly float* _memory;
    private readonly float* _zeros;

    /// <param name="kernel">The kind of layer.</param>
    /// <param name="pass">The tensors.</param>
    /// <param name="features">Features of a step, without padding.</param>
    /// <param name="zeros">A state of zeros.</param>
    public RecurrentLayout(RecurrentKernel kernel, RecurrentValues pass, long features, Tensor zeros)
    {
        Sizes = new RecurrentSizes(kernel, pass.Steps.size(1), pass.Steps.size(0), features, pass.States.size(2));
        Units = (int)Sizes.Units;
        GatesSize = (int)Sizes.Gates;
        Time = (int)Sizes.Time;
        Batch = (int)Sizes.Batch;
        Features = (int)Sizes.PaddedFeatures;
        Threads = pass.Threads;
        _first = new int[Batch];
        _count = new int[Batch];
        for (int thread = 0; thread < Threads; thread++)
        {
            var (first, end) = (Begin(thread), Math.Min(Begin(thread + 1), Batch));
            Array.Fill(_first, first, first, end - first);
            Array.Fill(_count, end - first, first, end - first);
        }

        _keepsMemory = !kernel.StateIsGate;
        long rows = Sizes.Batch * Sizes.Time;
        _steps = TensorMemory.Pointer(pass.Steps, rows * Features);
        _gates = TensorMemory.Pointer(pass.Gates, rows * GatesSize);
        _states = TensorMemory.Pointer(pass.States, rows * Units);
        _memory = TensorMemory.Pointer(pass.Memory, rows * Units);
        _zeros = TensorMemory.Pointer(zeros, Units);
    }

    public RecurrentSizes Sizes { get; }

    public int Units { get; }

    public int GatesSize { get; }

    public int Time { get; }

    public int Batch { get; }

    /// <summary>Features of a step, padded to whole panels.</summary>
    public int Features { get; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public RecurrentRow Row(int t, int sequence) =>
        new()
        {
            Units = Units,
            Gate = Gate(t, sequence),
            PreviousState = t > 0 ? State(t - 1, sequence) : _zeros,
            State = State(t, sequence),
            Memory = _memory + Offset(t, sequence, Units),
            PreviousMemory = t > 0 && _keepsMemory ? _memory + Offset(t - 1, sequence, Units) : _zeros,
        };

    public float* Step(int t, int sequence) => _steps + Offset(t, sequence, Features);

    public float* Gate(int t, int sequence) => _gates + Offset(t, sequence, GatesSize);

    public float* State(int t, int sequence) => _states + Offset(t, sequence, Units);

    /// <summary>Floats from the start to a sequence's values at a step: ordered by thread, then by time, then by the thread's
    /// sequences.</summary>
    public nint Offset(int t, int sequence, int size) =>
        (((nint)_first[sequence] * Time) + ((nint)t * _count[sequence]) + sequence - _first[sequence]) * size;

    /// <summary>The same in a plain tensor <c>[time, batch, size]</c>.</summary>
    public nint TimeMajorOffset(int t, int sequence, int size) => (((nint)t * Batch) + sequence) * size;

    /// <summary>How many threads work on them.</summary>
    public int Threads { get; }

    /// <summary>Divides the sequences among threads, whole blocks each.</summary>
    /// <param name="work">Called in each thread with its number, its first sequence, and the first of the next one.</param>
    public void ForSequences(Action<int, int, int> work) =>
        OpenMP.Run(Threads, thread => work(thread, Begin(thread), Math.Min(Begin(thread + 1), Batch)));

    private int Begin(int thread) => (int)(Sizes.Blocks * thread / Threads * PanelGemm.Block);
}
