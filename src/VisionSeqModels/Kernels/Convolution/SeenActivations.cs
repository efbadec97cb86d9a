using static TorchSharp.torch;
using static VisionSeqModels.Kernels.TensorMemory;

namespace VisionSeqModels.Kernels;

/// <summary>What a <see cref="ConvolutionPass"/> shows of its stages: their values after ReLU. Each thread has room for those of
/// a group of images.</summary>
internal sealed unsafe class SeenActivations : IDisposable
{
    private readonly Tensor?[] _activations;
    private readonly Tensor?[] _rooms;
    private readonly int[] _sizes;

    /// <param name="shapes">The stages.</param>
    /// <param name="activations">For each stage <c>[batch, kernels, height, width]</c>, or null.</param>
    /// <param name="threads">How many threads work on the batch.</param>
    public SeenActivations(IReadOnlyList<ConvolutionShape> shapes, Tensor?[] activations, int threads)
    {
        _activations = activations;
        _sizes = [.. shapes.Select(shape => (int)shape.OutputSize)];
        _rooms = [.. _activations.Select((tensor, stage) => tensor is null ? null : Empty(threads * RoomOf(stage)))];
    }

    /// <summary>Where a thread's group of images shows a stage's values, image beside image; null where they are not
    /// asked for.</summary>
    public float* Room(int stage, int thread) =>
        _rooms[stage] is Tensor room ? Pointer(room, room.numel()) + (thread * (nint)RoomOf(stage)) : null;

    /// <summary>Writes a group's values image by image.</summary>
    public void Scatter(int group, int imageCount, int thread)
    {
        for (int stage = 0; stage < _activations.Length; stage++)
        {
            if (_activations[stage] is Tensor activations)
            {
                nint first = (nint)group * ConvolutionKernel.Lanes * _sizes[stage];
                ImageLanes.Scatter(
                    Room(stage, thread),
                    _sizes[stage],
                    imageCount,
                    Pointer(activations, activations.numel()) + first
                );
            }
        }
    }

    public void Dispose() => Array.ForEach(_rooms, room => room?.Dispose());

    private long RoomOf(int stage) => ((long)_sizes[stage] * ConvolutionKernel.Lanes) + OpenMP.Gap;
}
