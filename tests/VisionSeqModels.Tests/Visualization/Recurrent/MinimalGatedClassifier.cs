using TorchSharp.Modules;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Visualization.Recurrent;

/// <summary>A recurrent model as a user writes one: the minimal gated unit of Zhou et al. (2016) over sequences, with options
/// of its own. It implements the two members of <see cref="IRecurrentModel"/> that have no default.</summary>
internal sealed class MinimalGatedClassifier : nn.Module<Tensor, Tensor>, IRecurrentModel, IConfiguredModel
{
    private readonly Linear gate;
    private readonly Linear candidate;
    private readonly Dropout dropout = nn.Dropout(0.5);
    private readonly Linear fc;
    private readonly MinimalGatedOptions _options;

    public MinimalGatedClassifier(MinimalGatedOptions options)
        : base(nameof(MinimalGatedClassifier))
    {
        _options = options;
        gate = nn.Linear(options.InputSize + options.HiddenSize, options.HiddenSize);
        candidate = nn.Linear(options.InputSize + options.HiddenSize, options.HiddenSize);
        fc = nn.Linear(options.HiddenSize, options.ClassCount);
        RegisterComponents();
    }

    public string CellName => "MGU";

    object IConfiguredModel.Options => _options;

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return Unroll(input).Scores.MoveToOuterDisposeScope();
    }

    public UnrolledNetwork Unroll(Tensor sequence)
    {
        var steps = new List<RecurrentStep>();
        var state = zeros(sequence.size(0), _options.HiddenSize);
        foreach (var input in sequence.unbind(1))
        {
            var forget = gate.call(cat([input, state], 1)).sigmoid();
            var proposal = candidate.call(cat([input, forget * state], 1)).tanh();
            state = ((1 - forget) * state) + (forget * proposal);
            steps.Add(
                new RecurrentStep
                {
                    Hidden = state,
                    Gates = new Dictionary<string, Tensor> { ["forget"] = forget, ["candidate"] = proposal },
                }
            );
        }

        return new UnrolledNetwork { Layers = [steps], Scores = fc.call(dropout.call(state)) };
    }
}

internal sealed record MinimalGatedOptions
{
    public int InputSize { get; init; } = 3;

    public int HiddenSize { get; init; } = 5;

    public int ClassCount { get; init; } = 2;
}
