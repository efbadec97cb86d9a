using TorchSharp.Modules;
using static TorchSharp.torch;

namespace VisionSeqModels.Benchmarks.Compare;

/// <summary>The homework's models of TorchSharp's own modules: libtorch computes everything.</summary>
internal static class PlainModels
{
    private const int Units = 128;
    private const int Side = 28;
    private const int Classes = 10;

    public static nn.Module<Tensor, Tensor> Create(string name)
    {
        random.manual_seed(1);
        return name switch
        {
            "lenet" => Workload.PlainLeNet(),
            "rnn" => new Recurrent<RNN>(nn.RNN(Side, Units, batchFirst: true), (rnn, x) => rnn.call(x, null!).Item1),
            "lstm" => new Recurrent<LSTM>(nn.LSTM(Side, Units, batchFirst: true), (lstm, x) => lstm.call(x, null).Item1),
            "gru" => new Recurrent<GRU>(nn.GRU(Side, Units, batchFirst: true), (gru, x) => gru.call(x, null!).Item1),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "No such model."),
        };
    }

    /// <summary>An image's rows one after the other, and a linear layer over the last output.</summary>
    private sealed class Recurrent<T> : nn.Module<Tensor, Tensor>
        where T : nn.Module
    {
        private readonly Func<T, Tensor, Tensor> _run;
        private readonly T rnn;
        private readonly Linear fc = nn.Linear(Units, Classes);

        public Recurrent(T layer, Func<T, Tensor, Tensor> run)
            : base(nameof(Recurrent<>))
        {
            rnn = layer;
            _run = run;
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => fc.call(_run(rnn, input.flatten(1, 2)).select(1, -1));

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                rnn.Dispose();
                fc.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
