using static TorchSharp.torch;

namespace VisionSeqModels.Kernels;

/// <summary>One recurrent layer over a batch of sequences: what the forward pass saves for the backward pass.</summary>
/// <remarks>Each of libtorch's threads takes sequences of its own through all steps and back. So no step waits for another
/// thread, and no thread reads what another wrote. A thread's values lie together
/// (<see cref="RecurrentLayout.Offset"/>), because cores prefetch what lies next to what they read.</remarks>
/// <param name="Steps">The sequence, <c>[time, batch, features]</c>, features padded to whole panels with zeros.</param>
/// <param name="Gates">The gates, <c>[time, batch, gates × hidden]</c>.</param>
/// <param name="States">The hidden states, <c>[time, batch, hidden]</c>; the gates' memory where the kernel says
/// so.</param>
/// <param name="Memory">What else the kernel saves, <c>[time, batch, hidden]</c>; the gates' memory where it saves
/// nothing.</param>
/// <param name="Threads">How many threads work on the sequences.</param>
internal sealed record RecurrentValues(Tensor Steps, Tensor Gates, Tensor States, Tensor Memory, int Threads);
