using System.Text.Json;
using System.Text.Json.Nodes;
using TorchSharp;
using VisionSeqModels.Checkpoints;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.KnownAnswers;

/// <summary>Cases for TestData/pytorch/known_answers.py, and the largest relative error that is seen in its answers.</summary>
internal sealed class PyTorchCases(TempFolder folder) : IDisposable
{
    private readonly JsonArray _cases = [];
    private readonly Dictionary<string, Tensor> _inputs = [];
    private SafetensorsContent? _outputs;
    private Dictionary<string, double> _numbers = [];

    public int Count => _cases.Count;

    public double LargestError { get; private set; }

    public string WorstCase { get; private set; } = "";

    /// <summary>Adds a case; the tensors must live until <see cref="Run"/>.</summary>
    public int Add(JsonObject options, params (string Name, Tensor Value)[] tensors)
    {
        int index = _cases.Count;
        _cases.Add(options);
        foreach (var (name, value) in tensors)
        {
            _inputs[$"{index}.{name}"] = value.detach();
        }

        return index;
    }

    public void Run()
    {
        File.WriteAllText(folder["cases.json"], _cases.ToJsonString());
        Safetensors.Write(folder["inputs.safetensors"], _inputs);
        string script = Path.Combine(AppContext.BaseDirectory, "TestData", "pytorch", "known_answers.py");
        PyTorch.Run(folder.Root, File.ReadAllText(script));
        _numbers = JsonSerializer.Deserialize<Dictionary<string, double>>(File.ReadAllText(folder["results.json"]))!;
        _outputs = Safetensors.Read(folder["outputs.safetensors"]);
    }

    /// <summary>Compares by the norm of the answer, as <see cref="TensorAssert.Close"/> does.</summary>
    public void Compare(int index, string name, Tensor actual)
    {
        using var scope = NewDisposeScope();
        var expected = _outputs!.Tensors[$"{index}.{name}"].to_type(ScalarType.Float64);
        Assert.Equal(expected.shape, actual.shape);
        double distance = (expected - actual.detach().to_type(ScalarType.Float64)).norm().ToDouble();
        Note(index, name, distance / Math.Max(expected.norm().ToDouble(), 1e-30));
    }

    public void Compare(int index, double actual) =>
        Note(index, "", Math.Abs(_numbers[$"{index}"] - actual) / Math.Max(Math.Abs(_numbers[$"{index}"]), 1e-30));

    public void AssertWithin(double tolerance, int atLeast)
    {
        Assert.True(LargestError <= tolerance, $"{LargestError:g3} away from PyTorch, allowed {tolerance:g3}: {WorstCase}");
        Assert.True(Count >= atLeast, $"only {Count} cases");
    }

    public void Dispose() => _outputs?.Dispose();

    private void Note(int index, string name, double error)
    {
        if (!(error <= LargestError))
        {
            (LargestError, WorstCase) = (error, $"{name} of case {index}: {_cases[index]!.ToJsonString()}");
        }
    }
}
