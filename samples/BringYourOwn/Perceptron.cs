using TorchSharp.Modules;
using static TorchSharp.torch;

/// <summary>A module as TorchSharp users write it: one hidden layer over flat images <c>[batch, inputs]</c>.</summary>
internal sealed class Perceptron : nn.Module<Tensor, Tensor>
{
    private readonly Linear hidden;
    private readonly Dropout dropout;
    private readonly Linear output;

    public Perceptron(int inputs, int hidden, int classes)
        : base(nameof(Perceptron))
    {
        this.hidden = nn.Linear(inputs, hidden);
        dropout = nn.Dropout(0.2);
        output = nn.Linear(hidden, classes);
        RegisterComponents(); // names the parameters hidden.weight, hidden.bias, output.weight, output.bias
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return output.call(dropout.call(nn.functional.relu(hidden.call(input)))).MoveToOuterDisposeScope();
    }
}
