using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests;

/// <summary>A plain TorchSharp recurrent network over an image's rows, as a user would write it.</summary>
internal sealed class RecurrentClassifier : nn.Module<Tensor, Tensor>
{
    private readonly string _kind;
    private readonly RNN? rnn;
    private readonly LSTM? lstm;
    private readonly GRU? gru;
    private readonly Linear head;

    public RecurrentClassifier(string kind, int inputs, int hidden, int classes, double dropout)
        : base(kind)
    {
        _kind = kind;
        int layers = dropout > 0 ? 2 : 1;
        switch (kind)
        {
            case "rnn":
                rnn = nn.RNN(inputs, hidden, layers, batchFirst: true, dropout: dropout);
                break;
            case "lstm":
                lstm = nn.LSTM(inputs, hidden, layers, batchFirst: true, dropout: dropout);
                break;
            default:
                gru = nn.GRU(inputs, hidden, layers, batchFirst: true, dropout: dropout);
                break;
        }

        head = nn.Linear(hidden, classes);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var rows = input.squeeze(1);
        var all = _kind switch
        {
            "rnn" => rnn!.call(rows).Item1,
            "lstm" => lstm!.call(rows).Item1,
            _ => gru!.call(rows).Item1,
        };
        return head.call(all.select(1, -1)).MoveToOuterDisposeScope();
    }
}
