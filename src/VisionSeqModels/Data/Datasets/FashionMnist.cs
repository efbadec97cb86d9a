using VisionSeqModels.Data;

namespace VisionSeqModels;

/// <summary>Fashion-MNIST: 60,000 training and 10,000 test images of clothes, 1×28×28.</summary>
/// <remarks>Xiao, Rasul and Vollgraf, "Fashion-MNIST: a novel image dataset for benchmarking machine learning algorithms" (2017).
/// The files of Debian's package <c>dataset-fashion-mnist</c> are found in their place.</remarks>
public static class FashionMnist
{
    private static readonly IdxDataset Files = new()
    {
        Title = "Fashion-MNIST",
        Name = "fashion-mnist",
        Subfolders = ["fashion-mnist", Path.Combine("FashionMNIST", "raw")],
        ClassNames = ["T-shirt/top", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"],
        Normalization = ImageNormalization.FashionMnist,
        Home = new Uri("https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/"),
        Train = new(
            60_000,
            Images: ("train-images-idx3-ubyte", "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
            Labels: ("train-labels-idx1-ubyte", "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845")
        ),
        Test = new(
            10_000,
            Images: ("t10k-images-idx3-ubyte", "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"),
            Labels: ("t10k-labels-idx1-ubyte", "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5")
        ),
        Elsewhere = ["/usr/share/datasets/fashion-mnist"],
    };

    /// <summary>The names of the classes, in the order of their labels.</summary>
    public static IReadOnlyList<string> ClassNames => Files.ClassNames;

    /// <summary>Whether the data is in a folder already, or in the place of Debian's package.</summary>
    /// <param name="directory">The folder; null for <see cref="DatasetDirectory.Default"/>.</param>
    public static bool Exists(string? directory = null) => Files.Find(directory) is not null;

    /// <summary>Loads the data, after a download (30 MB) if it is not there.</summary>
    /// <param name="directory">The folder that has, or will have, a folder <c>fashion-mnist</c> or <c>FashionMNIST/raw</c>
    /// with the four IDX files (plain or .gz); null for <see cref="DatasetDirectory.Default"/>. Files directly in it do not
    /// count: they have the same names as MNIST's.</param>
    /// <param name="options">Limits, downloads, logging; null for the defaults.</param>
    /// <returns>Training and test images; the caller disposes them.</returns>
    /// <exception cref="DatasetNotFoundException">The files are not there and could not be downloaded.</exception>
    /// <exception cref="DatasetFormatException">A file has the wrong size or an impossible label.</exception>
    /// <exception cref="OperationCanceledException">The options' token was cancelled during a download.</exception>
    public static ImageDatasets Load(string? directory = null, DatasetOptions? options = null) => Files.Load(directory, options);
}
