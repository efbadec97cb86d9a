namespace VisionSeqModels.Tests.Zoo;

/// <summary>The matrix view × model: every cell runs in a child process, with gradients, without, and in inference
/// mode.</summary>
public sealed class ZooMatrixTests
{
    /// <summary>The refusals there are, by what they say. A model without a line here is refused by no view.</summary>
    private static readonly (string Model, string[] Views, string Says)[] Refusals =
    [
        ("detached backbone", [.. GradientViews, "guided backpropagation", "deconvolution", "guided Grad-CAM"], "detaches"),
        ("detached backbone", ["DeepLIFT", "LRP", "LRP, epsilon", "LRP, gamma"], "detaches"),
        ("detached backbone", ["maximal input", "maximal input of a map"], "detaches"),
        ("detached backbone", ["Deconvnet", "top activations"], "detaches"),
        ("all ReLUs functions", ["guided backpropagation", "deconvolution", "guided Grad-CAM"], "runs no ReLU module"),
        ("all ReLUs functions", ["Deconvnet", "top activations", "DeepLIFT"], "modules"),
        ("sigmoid at the end", ["confusion matrix"], "at least two classes"),
    ];

    private static string[] GradientViews =>
        [
            "saliency",
            "saliency of an objective",
            "input × gradient",
            "SmoothGrad",
            "integrated gradients",
            "GradientSHAP",
            "randomization check",
            "max-sensitivity",
        ];

    [Fact]
    public async Task EveryCellOfTheMatrix_EndsNoProcess_AndIsTheReferenceOrTheStatedRefusal_InEveryMode()
    {
        string[] texts = await Task.WhenAll(ZooMatrix.Parts.Select(part => ChildProgram.Answer(ChildProgram.ZooCommand, part)));
        var found = texts
            .SelectMany(text => text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            .Select(line => line.Trim('\r').Split('\t'))
            .ToDictionary(cells => (Model: cells[0], View: cells[1], Mode: cells[2]), cells => cells[3]);
        string[] models = [.. Animals.All],
            views = [.. ZooViews.Names];
        Assert.Equal(models.Length * views.Length * (ZooMatrix.Modes.Length + 1), found.Count);
        var wrong = new List<string>();
        foreach (string name in models)
        {
            foreach (string view in views)
            {
                string expected = found[(name, view, ZooMatrix.Reference)];
                string? refusal = Refusals.FirstOrDefault(entry => entry.Model == name && entry.Views.Contains(view)).Says;
                foreach (string mode in ZooMatrix.Modes)
                {
                    string actual = found[(name, view, mode)];
                    bool isRefused = actual.StartsWith(ZooMatrix.Refused, StringComparison.Ordinal);
                    if (
                        refusal is null
                            ? isRefused || !ZooMatrix.Same(expected, actual)
                            : !isRefused || !actual.Contains(refusal, StringComparison.Ordinal)
                    )
                    {
                        wrong.Add($"{name}, {view}, {mode}: {actual}, not {refusal ?? expected}");
                    }
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }
}
