using static TorchSharp.torch;
using static VisionSeqModels.Kernels.TensorMemory;

namespace VisionSeqModels.Kernels;

/// <summary>Two <see cref="ConvolutionStage"/>s, one after the other, over a batch. A group of images goes through both while
/// it is in the cache; libtorch's threads divide the groups among them.</summary>
internal sealed unsafe class ConvolutionPass(ConvolutionShape first, ConvolutionShape second)
{
    private readonly ConvolutionStage _first = new(first, hasInputGradient: false);
    private readonly ConvolutionStage _second = new(second, hasInputGradient: true);

    /// <summary>Output values of an image.</summary>
    public int OutputSize => second.PooledSize;

    /// <summary>Floats of a group of images: the images, each stage's pooled values, and each stage's choices.</summary>
    private int GroupSize => (first.InputSize + (2 * first.PooledSize) + (2 * second.PooledSize)) * Lanes;

    /// <summary>Floats of a thread in the backward pass.</summary>
    private int WorkSize =>
        _first.SumsSize + _second.SumsSize + _first.PaddedSize + _second.PaddedSize + (first.PooledSize * Lanes) + OpenMP.Gap;

    private static int Lanes => ConvolutionKernel.Lanes;

    /// <summary>Whether what a batch of so many images needs fits into one tensor of 2 GiB.</summary>
    public bool Supports(long images) => (images + Lanes) / Lanes * GroupSize <= int.MaxValue / sizeof(float);

    /// <summary>Runs both stages.</summary>
    /// <param name="images"><c>[batch, channels, height, width]</c>, contiguous.</param>
    /// <param name="weights">Weights and biases of the first convolution, then of the second.</param>
    /// <param name="keep">Whether to save what <see cref="Backward"/> needs.</param>
    /// <returns>The second stage's output <c>[batch, <see cref="OutputSize"/>]</c>, and what <see cref="Backward"/> needs
    /// (null unless <paramref name="keep"/>); they belong to the current dispose scope.</returns>
    public (Tensor Output, Tensor? Saved) Forward(Tensor images, Tensor[] weights, bool keep)
    {
        int count = (int)images.size(0);
        int groups = (count + Lanes - 1) / Lanes;
        int threads = OpenMP.Threads(groups);
        var output = empty(count, OutputSize);
        var saved = empty((long)(keep ? groups : threads) * GroupSize);
        using var packed = empty(_first.PackedSize + _second.PackedSize);
        _first.Pack(Floats(weights[0]), Floats(weights[1]), Floats(packed));
        _second.Pack(Floats(weights[2]), Floats(weights[3]), Floats(packed)[_first.PackedSize..]);
        float* from = Pointer(images);
        float* to = Pointer(output);
        float* state = Pointer(saved);
        float* kernels = Pointer(packed);
        OpenMP.Run(
            threads,
            thread =>
            {
                for (int group = groups * thread / threads; group < groups * (thread + 1) / threads; group++)
                {
                    int imageCount = Math.Min(Lanes, count - (group * Lanes));
                    var at = new Group(this, state + ((nint)(keep ? group : thread) * GroupSize));
                    ImageLanes.Gather(from + ((nint)group * Lanes * first.InputSize), first.InputSize, imageCount, at.Input);
                    _first.Forward(at.Input, kernels, at.Middle, at.FirstChoices);
                    _second.Forward(at.Middle, kernels + _first.PackedSize, at.Output, at.SecondChoices);
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
    public Tensor[] Backward(Tensor gradient, Tensor saved, Tensor[] weights)
    {
        int count = (int)gradient.size(0);
        int groups = (count + Lanes - 1) / Lanes;
        int threads = OpenMP.Threads(groups);
        using var work = empty((long)threads * WorkSize);
        using var packed = empty(_second.InputGradientPackedSize);
        _second.PackForInputGradient(Floats(weights[2]), Floats(packed));
        float* from = Pointer(gradient);
        float* state = Pointer(saved);
        float* scratch = Pointer(work);
        float* kernels = Pointer(packed);
        new Span<float>(scratch, threads * WorkSize).Clear();
        OpenMP.Run(
            threads,
            thread =>
            {
                var own = new Work(this, scratch + ((nint)thread * WorkSize));
                for (int group = groups * thread / threads; group < groups * (thread + 1) / threads; group++)
                {
                    int imageCount = Math.Min(Lanes, count - (group * Lanes));
                    var at = new Group(this, state + ((nint)group * GroupSize));
                    ImageLanes.Gather(from + ((nint)group * Lanes * OutputSize), OutputSize, imageCount, at.Output);
                    _second.WeightGradients(at.Middle, at.Output, at.SecondChoices, own.SecondPadded, own.SecondSums);
                    _second.InputGradient(own.SecondPadded, kernels, own.Middle);
                    _first.WeightGradients(at.Input, own.Middle, at.FirstChoices, own.FirstPadded, own.FirstSums);
                }
            }
        );
        GC.KeepAlive(gradient);
        GC.KeepAlive(saved);
        Tensor[] results = [.. weights.Select(weight => empty(weight.shape))];
        var sums = new Work(this, scratch);
        _first.ReduceThreads(sums.FirstSums, threads, WorkSize, Floats(results[0]), Floats(results[1]));
        _second.ReduceThreads(sums.SecondSums, threads, WorkSize, Floats(results[2]), Floats(results[3]));
        return results;
    }

    /// <summary>Where a group's values lie.</summary>
    private readonly struct Group(ConvolutionPass pass, float* at)
    {
        public float* Input { get; } = at;

        public float* Middle { get; } = at + (pass._first.Shape.InputSize * Lanes);

        public float* FirstChoices => Middle + _middle;

        public float* Output => FirstChoices + _middle;

        public float* SecondChoices => Output + _output;

        private readonly int _middle = pass._first.Shape.PooledSize * Lanes;
        private readonly int _output = pass._second.Shape.PooledSize * Lanes;
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
