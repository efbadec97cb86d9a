using VisionSeqModels;
using VisionSeqModels.Samples;
using static TorchSharp.torch;

/// <summary>The data sets of all parts, each loaded when it is first asked for.</summary>
internal sealed class HomeworkData : IDisposable
{
    private const int OrderSeed = 7;
    private readonly Lazy<ImageDatasets> _pictures;
    private readonly Lazy<ImageDatasets> _digits;
    private readonly Lazy<ImageDatasets> _permutedRows;
    private readonly Lazy<ImageDatasets> _permutedPixels;

    public HomeworkData(SampleRun run)
    {
        _pictures = new(() =>
            run.LoadData(
                (name, folder, options) =>
                    name == "synthetic"
                        ? SyntheticImages.Create(run.SyntheticImages with { Varied = !run.Arguments.Quick })
                        : Cifar10.Load(folder, options),
                "cifar10"
            )
        );
        _digits = new(() =>
            run.LoadData(
                (name, folder, options) =>
                    name == "synthetic"
                        ? SyntheticImages.Create(
                            run.SyntheticImages with
                            {
                                Channels = 1,
                                Size = 28,
                                Varied = !run.Arguments.Quick,
                            }
                        )
                        : Mnist.Load(folder, options),
                "mnist"
            )
        );
        _permutedRows = new(() => Permute(Digits, digits => digits.Height, images => images, dimension: 2));
        _permutedPixels = new(() =>
            Permute(Digits, digits => digits.Height * digits.Width, images => images.flatten(2), dimension: 2)
        );
    }

    /// <summary>CIFAR-10.</summary>
    public ImageDatasets Pictures => _pictures.Value;

    /// <summary>MNIST.</summary>
    public ImageDatasets Digits => _digits.Value;

    /// <summary>MNIST with its rows in one other order, drawn once.</summary>
    public ImageDatasets PermutedRows => _permutedRows.Value;

    /// <summary>MNIST with its pixels in one other order, drawn once.</summary>
    public ImageDatasets PermutedPixels => _permutedPixels.Value;

    public void Dispose()
    {
        foreach (var data in new[] { _permutedPixels, _permutedRows, _digits, _pictures }.Where(data => data.IsValueCreated))
        {
            data.Value.Dispose();
        }
    }

    private static ImageDatasets Permute(
        ImageDatasets data,
        Func<ImageDatasets, int> length,
        Func<Tensor, Tensor> unfold,
        int dimension
    )
    {
        long[] places = [.. Enumerable.Range(0, length(data)).Select(place => (long)place)];
        new Random(OrderSeed).Shuffle(places);
        using var order = tensor(places);
        Tensor Change(Tensor images) => unfold(images).index_select(dimension, order).reshape(images.shape);
        return new ImageDatasets(data.Train.Map(Change), data.Test.Map(Change));
    }
}
