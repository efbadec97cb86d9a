using System.Text.RegularExpressions;
using VisionSeqModels.Checkpoints;
using VisionSeqModels.Models;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Checkpoints;

/// <summary>Weights travel to PyTorch and back by the scripts of docs/interop.md, and mean the same there.</summary>
public sealed partial class PyTorchInteropTests : IDisposable
{
    private const string Weights = "lenet.safetensors"; // as the page calls them
    private const double Tolerance = 1e-5;

    private readonly TempFolder _folder = new();

    public static TheoryData<string> Models => ["LeNet", "RNN", "LSTM", "GRU"];

    [PyTorchTheory]
    [MemberData(nameof(Models))]
    public void SavedHere_GivesTheSameScoresThere_AndComesBackBitForBit(string name)
    {
        using var scope = NewDisposeScope();
        using var model = Create(name, seed: 1);
        using var back = Create(name, seed: 2);
        model.SaveWeights(_folder[Weights]);
        var input = Input(name);

        PyTorch.Run(
            _folder.Root,
            $"""
            {Load(name)}
            scores = model(load_file("input.safetensors")["x"])
            {Script("save")}
            save_file(dict(scores=scores), "scores.safetensors")
            """
        );

        TensorAssert.Close(Scores(), model.forward(input), Tolerance, $"scores of {name}");
        back.LoadWeights(_folder[Weights]);
        Assert.All(model.state_dict(), entry => TensorAssert.Identical(entry.Value, back.state_dict()[entry.Key], entry.Key));
    }

    [PyTorchTheory]
    [MemberData(nameof(Models))]
    public void SavedThere_GivesTheSameScoresHere(string name)
    {
        using var scope = NewDisposeScope();
        using var model = Create(name, seed: 1);
        model.SaveWeights(_folder[Weights]);
        var input = Input(name);

        PyTorch.Run(
            _folder.Root,
            $"""
            {Load(name)}
            torch.manual_seed(5)
            for weight in model.parameters():
                nn.init.normal_(weight, std=0.1)
            {Script("save")}
            save_file(dict(scores=model(load_file("input.safetensors")["x"])), "scores.safetensors")
            """
        );

        Assert.True(model.LoadWeights(_folder[Weights]).IsComplete);
        TensorAssert.Close(Scores(), model.forward(input), Tolerance, $"scores of {name}");
    }

    public void Dispose() => _folder.Dispose();

    private static nn.Module<Tensor, Tensor> Create(string name, long seed) =>
        name == "LeNet"
            ? VisionModels.LeNet(new LeNetOptions { Seed = seed })
            : SequenceModels.Build(Enum.Parse<RecurrentCell>(name, ignoreCase: true), new RecurrentOptions { Seed = seed });

    private Tensor Input(string name)
    {
        using var generator = new Generator(3);
        var input = name == "LeNet" ? randn([4, 3, 32, 32], generator: generator) : randn([4, 1, 28, 28], generator: generator);
        Safetensors.Write(_folder["input.safetensors"], new Dictionary<string, Tensor> { ["x"] = input });
        return input;
    }

    private Tensor Scores()
    {
        using var file = Safetensors.Read(_folder["scores.safetensors"]);
        return file.Tensors["scores"].clone();
    }

    /// <summary>The page's script that makes the model and loads its weights; of a recurrent one as the page says it.</summary>
    private static string Load(string name) =>
        name == "LeNet"
            ? Script("load")
            : $"""
                import torch
                from torch import nn
                from safetensors.torch import load_file


                class Recurrent(nn.Module):
                    def __init__(self):
                        super().__init__()
                        self.rnn = nn.{name}(28, 128, batch_first=True)
                        self.fc = nn.Linear(128, 10)

                    def forward(self, x):
                        return self.fc(self.rnn(x.flatten(1, 2))[0][:, -1])


                model = Recurrent().eval()
                model.load_state_dict(load_file("{Weights}"))
                """;

    private static string Script(string name)
    {
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "interop.md")).ReplaceLineEndings("\n");
        return PageScript().Matches(page).Single(match => match.Groups["name"].Value == name).Groups["code"].Value;
    }

    [GeneratedRegex(
        @"<!-- script: (?<name>\w+) -->\n```python\n(?<code>.*?)^```$",
        RegexOptions.Singleline | RegexOptions.Multiline
    )]
    private static partial Regex PageScript();
}
