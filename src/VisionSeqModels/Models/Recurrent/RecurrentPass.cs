using VisionSeqModels.Runtime;
using static TorchSharp.torch;

namespace VisionSeqModels.Models;

/// <summary>
/// One recurrent layer over a batch of sequences, time first. The input's share of all steps is one product before the loop and the weights' gradients are one after it; the loop itself is done by several
/// threads, each with sequences of its own from the first step to the last.
/// </summary>
/// <param name="Steps">The sequence, <c>[time, batch, features]</c>.</param>
/// <param name="Gates">What the gates were, <c>[time, batch, gates × hidden]</c>.</param>
/// <param name="States">What the layer gave, <c>[time, batch, hidden]</c>; the gates themselves where the kernel says so.</param>
/// <param name="Memory">What the kernel keeps besides, <c>[time, batch, hidden]</c>; the gates themselves where it keeps nothing.</param>
internal sealed unsafe record RecurrentPass(Tensor Steps, Tensor Gates, Tensor States, Tensor Memory)
{
    private int Time => (int)States.size(0);

    private int Batch => (int)States.size(1);

    private int Units => (int)States.size(2);

    /// <summary>Runs the layer from states of zero; results belong to the current dispose scope.</summary>
    /// <param name="kernel">The kind of layer.</param>
    /// <param name="sequence"><c>[batch, time, features]</c>, float32, on the CPU.</param>
    /// <param name="weights"><c>weight_ih</c>, <c>weight_hh</c>, <c>bias_ih</c>, <c>bias_hh</c>.</param>
    public static RecurrentPass Forward(RecurrentKernel kernel, Tensor sequence, Tensor[] weights)
    {
        var steps = sequence.transpose(0, 1).contiguous();
        var (time, batch, units) = (steps.size(0), steps.size(1), weights[1].size(1));
        var bias = kernel.KeepsShareApart ? weights[2] : weights[2] + weights[3];
        var gates = bias.addmm(steps.flatten(0, 1), weights[0].t()).view(time, batch, -1);
        var pass = kernel.StateIsGate
            ? new RecurrentPass(steps, gates, gates, gates)
            : new RecurrentPass(steps, gates, empty(time, batch, units), empty(time, batch, units));
        pass.Run(kernel, RowProduct.Panels(weights[1].t()), weights[3]);
        return pass;
    }

    /// <summary>States <c>[batch, time, hidden]</c>, or the last one <c>[batch, hidden]</c>.</summary>
    public Tensor Output(bool lastOnly) => lastOnly ? States[-1].clone() : States.transpose(0, 1);

    /// <summary>The gradients of the sequence (null unless it is asked for) and of the four weights; they belong to the current dispose scope.</summary>
    public Tensor?[] Backward(RecurrentKernel kernel, Tensor gradient, Tensor[] weights, bool ofSequence)
    {
        var fromInput = empty_like(Gates);
        var fromState = kernel.KeepsShareApart ? empty_like(Gates) : fromInput;
        RunBack(kernel, RowProduct.Panels(weights[1]), (gradient.dim() == 3 ? gradient.transpose(0, 1) : gradient).contiguous(), fromInput, fromState);
        var all = fromInput.flatten(0, 1);
        var ofBias = all.sum([0L]);
        return
        [
            ofSequence ? all.mm(weights[0]).view(Steps.shape).transpose(0, 1) : null,
            all.t().mm(Steps.flatten(0, 1)),
            Time > 1 ? fromState.narrow(0, 1, Time - 1).flatten(0, 1).t().mm(States.narrow(0, 0, Time - 1).flatten(0, 1)) : zeros_like(weights[1]),
            ofBias,
            kernel.KeepsShareApart ? fromState.flatten(0, 1).sum([0L]) : ofBias.clone(),
        ];
    }

    private void Run(RecurrentKernel kernel, Tensor panels, Tensor bias)
    {
        var nothing = zeros(Units);
        var shares = zeros(kernel.KeepsShareApart ? Batch : 0, kernel.Gates * Units);
        var at = new RecurrentPlaces(kernel, this, nothing) { Shares = TensorMemory.Pointer(shares), Bias = TensorMemory.Pointer(bias) };
        float* matrix = TensorMemory.Pointer(panels);
        ForSequences((first, end) =>
        {
            for (int t = 0; t < at.Time; t++)
            {
                if (t > 0)
                {
                    float* results = kernel.KeepsShareApart ? at.Share(first) : at.Gate(t, first);
                    RowProduct.Multiply(at.State(t - 1, first), end - first, at.Units, matrix, kernel.Gates * at.Units, results, add: !kernel.KeepsShareApart);
                }

                for (int sequence = first; sequence < end; sequence++)
                {
                    kernel.Step(at.Row(t, sequence));
                }
            }
        });
        GC.KeepAlive(bias);
    }

    /// <param name="kernel">The kind of layer.</param>
    /// <param name="panels"><c>weight_hh</c>.</param>
    /// <param name="gradient">Of every state, <c>[time, batch, hidden]</c>, or of the last alone, <c>[batch, hidden]</c>; contiguous.</param>
    /// <param name="fromInput">Takes the gradient of what the input gave to the gates.</param>
    /// <param name="fromState">Takes that of what the state gave to them; the same tensor where they are one.</param>
    private void RunBack(RecurrentKernel kernel, Tensor panels, Tensor gradient, Tensor fromInput, Tensor fromState)
    {
        var nothing = zeros(Units);
        var current = (gradient.dim() == 3 ? gradient[-1] : gradient).clone();
        var ofMemory = zeros(Batch, Units);
        var at = new RecurrentPlaces(kernel, this, nothing)
        {
            Gradients = TensorMemory.Pointer(current),
            MemoryGradients = TensorMemory.Pointer(ofMemory),
            FromInput = TensorMemory.Pointer(fromInput),
            FromState = TensorMemory.Pointer(fromState),
        };
        float* outside = gradient.dim() == 3 ? TensorMemory.Pointer(gradient) : null;
        float* matrix = TensorMemory.Pointer(panels);
        ForSequences((first, end) =>
        {
            for (int t = at.Time - 1; t >= 0; t--)
            {
                for (int sequence = first; sequence < end; sequence++)
                {
                    kernel.Back(at.Row(t, sequence));
                }

                if (t > 0)
                {
                    var row = at.Row(t, first);
                    RowProduct.Multiply(row.FromState, end - first, kernel.Gates * at.Units, matrix, at.Units, row.Gradient, add: kernel.KeepsShareApart);
                    if (outside is not null)
                    {
                        VectorFunctions.AddTo(row.Gradient, outside + at.Offset(t - 1, first), (end - first) * at.Units);
                    }
                }
            }
        });
        GC.KeepAlive(gradient);
    }

    /// <summary>Shares the batch out among threads, whole blocks of what is multiplied at once.</summary>
    private void ForSequences(Action<int, int> work)
    {
        int batch = Batch;
        int blocks = (batch + RowProduct.Rows - 1) / RowProduct.Rows;
        OpenMP.Run(OpenMP.Threads(blocks), (thread, threads) =>
            work(blocks * thread / threads * RowProduct.Rows, Math.Min(blocks * (thread + 1) / threads * RowProduct.Rows, batch)));
    }
}
