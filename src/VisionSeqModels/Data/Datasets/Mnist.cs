using VisionSeqModels.Data;

namespace VisionSeqModels;

/// <summary>MNIST: 60,000 training and 10,000 test images of handwritten digits, 1×28×28.</summary>
/// <remarks>LeCun, Bottou, Bengio and Haffner, "Gradient-based learning applied to document recognition" (1998).</remarks>
public static class Mnist
{
    private static readonly IdxDataset Files = new()
    {
        Title = "MNIST",
        Name = "mnist",
        Subfolders = ["mnist", Path.Combine("MNIST", "raw"), ""],
        ClassNames = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
        Normalization = ImageNormalization.Mnist,
        Home = new Uri("https://ossci-datasets.s3.amazonaws.com/mnist/"),
        Train = new(
            60_000,
            Images: ("train-images-idx3-ubyte", "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"),
            Labels: ("train-labels-idx1-ubyte", "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c")
        ),
        Test = new(
            10_000,
            Images: ("t10k-images-idx3-ubyte", "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"),
            Labels: ("t10k-labels-idx1-ubyte", "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6")
        ),
    };

    /// <summary>The names of the classes: the digits.</summary>
    public static IReadOnlyList<string> ClassNames => Files.ClassNames;

    /// <summary>Whether the data is in a folder already.</summary>
    /// <param name="directory">The folder; null for <see cref="DatasetDirectory.Default"/>.</param>
    public static bool Exists(string? directory = null) => Files.Find(directory) is not null;

    /// <summary>Loads the data, after a download (11 MB) if it is not there.</summary>
    /// <param name="directory">The folder that has, or will have, the four IDX files (plain or .gz), itself or in
    /// <c>mnist</c> or <c>MNIST/raw</c>; null for <see cref="DatasetDirectory.Default"/>.</param>
    /// <param name="options">Limits, downloads, logging; null for the defaults.</param>
    /// <returns>Training and test images; the caller disposes them.</returns>
    /// <exception cref="DatasetNotFoundException">The files are not there and could not be downloaded.</exception>
    /// <exception cref="DatasetFormatException">A file has the wrong size or an impossible label.</exception>
    /// <exception cref="OperationCanceledException">The options' token was cancelled during a download.</exception>
    public static ImageDatasets Load(string? directory = null, DatasetOptions? options = null) => Files.Load(directory, options);
}
