using static TorchSharp.torch;
using static VisionSeqModels.Kernels.TensorMemory;

namespace VisionSeqModels.Kernels;

/// <summary>Two <see cref="ConvolutionStage"/>s, one after the other, over a batch. A group of images goes through both while
/// it is in the cache; libtorch's threads divide the groups among them.</summary>
internal sealed unsafe class ConvolutionPass(ConvolutionShape first, ConvolutionShape second)
{
    private readonly ConvolutionStage _first = new(first, hasInputGradient: false);
    private readonly ConvolutionStage _second = new(second, hasInputGradient: true);
    private readonly ConvolutionRows _firstRows = new(first);
    private readonly ConvolutionRows _secondRows = new(second);

    /// <summary>Output values of an image.</summary>
    public int OutputSize => (int)second.PooledSize;

    /// <summary>Floats of a group of images: the images, each stage's pooled values, and each stage's choices.</summary>
    private long GroupSize => (first.InputSize + (2 * first.PooledSize) + (2 * second.PooledSize)) * Lanes;

    /// <summary>Floats of a thread in the backward pass.</summary>
    private long WorkSize =>
        _first.SumsSize + _second.SumsSize + _first.PaddedSize + _second.PaddedSize + (first.PooledSize * Lanes) + OpenMP.Gap;

    private static int Lanes => ConvolutionKernel.Lanes;

    private long PackedSize => _first.PackedSize + _second.PackedSize;

    /// <summary>Whether each tensor that both passes need for so many images has at most
    /// <see cref="TensorMemory.MaximumCount"/> floats.</summary>
    public bool Supports(long images) =>
        GroupSize <= MaximumCount / Groups(images)
        && WorkSize <= MaximumCount / Threads(images)
        && PackedSize <= MaximumCount
        && _second.InputGradientPackedSize <= MaximumCount;

    /// <summary>How many threads work on so many images.</summary>
    public static int Threads(long images) => OpenMP.Threads(Groups(images));

    /// <summary>Runs both stages.</summary>
    /// <param name="images"><c>[batch, channels, height, width]</c>, contiguous.</param>
    /// <param name="weights">Weights and biases of the first convolution, then of the second.</param>
    /// <param name="threads">As <see cref="Threads"/> gives it.</param>
    /// <param name="keep">Whether to save what <see cref="Backward"/> needs.</param>
    /// <param name="activations">For each stage where to write its values after ReLU, <c>[batch, kernels, height, width]</c>, or
    /// null; null for neither. Only a stage that pools all of them can.</param>
    /// <returns>The second stage's output <c>[batch, <see cref="OutputSize"/>]</c>, and what <see cref="Backward"/> needs
    /// (null unless <paramref name="keep"/>); they belong to the current dispose scope.</returns>
    public (Tensor Output, Tensor? Saved) Forward(
        Tensor images,
        Tensor[] weights,
        int threads,
        bool keep,
        Tensor?[]? activations = null
    )
    {
        int count = (int)images.size(0);
        int groups = Groups(count);
        int inputSize = (int)first.InputSize;
        long savedSize = (keep ? groups : threads) * GroupSize;
        var output = Empty(count, OutputSize);
        var saved = Empty(savedSize);
        using var packed = Empty(PackedSize);
        using var seen = activations is null ? null : new SeenActivations([first, second], activations, threads);
        _first.Pack(Weight(weights[0], first), Floats(weights[1], first.Kernels), Floats(packed, PackedSize));
        _second.Pack(
            Weight(weights[2], second),
            Floats(weights[3], second.Kernels),
            Floats(packed, PackedSize)[(int)_first.PackedSize..]
        );
        float* from = Pointer(images, (long)count * inputSize);
        float* to = Pointer(output, (long)count * OutputSize);
        float* state = Pointer(saved, savedSize);
        float* kernels = Pointer(packed, PackedSize);
        OpenMP.Run(
            threads,
            thread =>
            {
                for (int group = Begin(groups, thread, threads); group < Begin(groups, thread + 1, threads); group++)
                {
                    int imageCount = Math.Min(Lanes, count - (group * Lanes));
                    var at = new Group(this, state + ((keep ? group : thread) * GroupSize));
                    if (!keep && seen is null && TakesRows(imageCount))
                    {
                        float* image = from + ((nint)group * Lanes * inputSize);
                        ForwardEach(image, kernels, at, imageCount, to + ((nint)group * Lanes * OutputSize));
                        continue;
                    }

                    ImageLanes.Gather(from + ((nint)group * Lanes * inputSize), inputSize, imageCount, at.Input);
                    float* showFirst = seen is null ? null : seen.Room(0, thread);
                    float* showSecond = seen is null ? null : seen.Room(1, thread);
                    _first.Forward(at.Input, kernels, at.Middle, at.FirstChoices, showFirst);
                    _second.Forward(at.Middle, kernels + _first.PackedSize, at.Output, at.SecondChoices, showSecond);
                    seen?.Scatter(group, imageCount, thread);
                    ImageLanes.Scatter(at.Output, OutputSize, imageCount, to + ((nint)group * Lanes * OutputSize));
                }
            }
        );
        GC.KeepAlive(images);
        if (keep)
        {
            return (output, saved);
        }

        saved.Dispose();
        return (output, null);
    }

    /// <summary>The gradients of both convolutions' weights and biases, in the order they were given; they belong to the
    /// current dispose scope.</summary>
    /// <param name="gradient">The output's gradient, <c>[batch, <see cref="OutputSize"/>]</c>, contiguous.</param>
    /// <param name="saved">What <see cref="Forward"/> saved; it can be used again, though the place of the output in
    /// it is overwritten.</param>
    /// <param name="weights">The weights that <see cref="Forward"/> had.</param>
    /// <param name="threads">The number that <see cref="Forward"/> had.</param>
    public Tensor[] Backward(Tensor gradient, Tensor saved, Tensor[] weights, int threads)
    {
        int count = (int)gradient.size(0);
        int groups = Groups(count);
        using var work = Zeros(threads * WorkSize);
        using var packed = Empty(_second.InputGradientPackedSize);
        _second.PackForInputGradient(Weight(weights[2], second), Floats(packed, _second.InputGradientPackedSize));
        float* from = Pointer(gradient, (long)count * OutputSize);
        float* state = Pointer(saved, groups * GroupSize);
        float* scratch = Pointer(work, threads * WorkSize);
        float* kernels = Pointer(packed, _second.InputGradientPackedSize);
        OpenMP.Run(
            threads,
            thread =>
            {
                var own = new Work(this, scratch + (thread * WorkSize));
                for (int group = Begin(groups, thread, threads); group < Begin(groups, thread + 1, threads); group++)
                {
                    int imageCount = Math.Min(Lanes, count - (group * Lanes));
                    var at = new Group(this, state + (group * GroupSize));
                    ImageLanes.Gather(from + ((nint)group * Lanes * OutputSize), OutputSize, imageCount, at.Output);
                    _second.WeightGradients(at.Middle, at.Output, at.SecondChoices, own.SecondPadded, own.SecondSums);
                    _second.InputGradient(own.SecondPadded, kernels, own.Middle);
                    _first.WeightGradients(at.Input, own.Middle, at.FirstChoices, own.FirstPadded, own.FirstSums);
                }
            }
        );
        GC.KeepAlive(gradient);
        GC.KeepAlive(saved);
        Tensor[] results = [.. weights.Select(weight => Empty(weight.shape))];
        var sums = new Work(this, scratch);
        nint stride = (nint)WorkSize;
        _first.ReduceThreads(sums.FirstSums, threads, stride, Weight(results[0], first), Floats(results[1], first.Kernels));
        _second.ReduceThreads(sums.SecondSums, threads, stride, Weight(results[2], second), Floats(results[3], second.Kernels));
        return results;
    }

    /// <summary>Whether so few images are faster one by one than as a group whose other lanes are empty.</summary>
    private bool TakesRows(int images) =>
        images * (_firstRows.Cost + _secondRows.Cost) < _firstRows.GroupCost + _secondRows.GroupCost;

    /// <summary>Runs both stages for image after image, in a group's memory.</summary>
    private void ForwardEach(float* images, float* kernels, in Group at, int count, float* to)
    {
        int inputSize = (int)first.InputSize;
        for (int image = 0; image < count; image++)
        {
            new ReadOnlySpan<float>(images + ((nint)image * inputSize), inputSize).CopyTo(new Span<float>(at.Input, inputSize));
            new Span<float>(at.Input + inputSize, ConvolutionRows.Behind).Clear();
            _firstRows.Forward(at.Input, kernels, at.Middle);
            new Span<float>(at.Middle + second.InputSize, ConvolutionRows.Behind).Clear();
            _secondRows.Forward(at.Middle, kernels + _first.PackedSize, to + ((nint)image * OutputSize));
        }
    }

    private static int Groups(long images) => (int)((images + Lanes - 1) / Lanes);

    /// <summary>The first group of a thread.</summary>
    private static int Begin(int groups, int thread, int threads) => (int)((long)groups * thread / threads);

    private static Span<float> Weight(Tensor weight, ConvolutionShape shape) => Floats(weight, (long)shape.Kernels * shape.Taps);

    /// <summary>Where a group's values lie.</summary>
    private readonly struct Group(ConvolutionPass pass, float* at)
    {
        public float* Input { get; } = at;

        public float* Middle { get; } = at + (pass._first.Shape.InputSize * Lanes);

        public float* FirstChoices => Middle + _middle;

        public float* Output => FirstChoices + _middle;

        public float* SecondChoices => Output + _output;

        private readonly nint _middle = (nint)pass._first.Shape.PooledSize * Lanes;
        private readonly nint _output = (nint)pass._second.Shape.PooledSize * Lanes;
    }

    /// <summary>Where a thread's own values lie in the backward pass.</summary>
    private readonly struct Work(ConvolutionPass pass, float* at)
    {
        public float* FirstSums { get; } = at;

        public float* SecondSums { get; } = at + pass._first.SumsSize;

        public float* FirstPadded { get; } = at + pass._first.SumsSize + pass._second.SumsSize;

        public float* SecondPadded { get; } = at + pass._first.SumsSize + pass._second.SumsSize + pass._first.PaddedSize;

        public float* Middle { get; } = at + pass.WorkSize - OpenMP.Gap - (pass._first.Shape.PooledSize * Lanes);
    }
}
