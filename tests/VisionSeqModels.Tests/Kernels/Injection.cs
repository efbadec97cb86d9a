using System.Runtime.InteropServices;
using VisionSeqModels.Kernels;
using VisionSeqModels.Models;
using VisionSeqModels.Torch;
using VisionSeqModels.Visualization;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Kernels;

/// <summary>What an injected failure stands for.</summary>
internal enum TensorFault
{
    /// <summary>Any exception, at a place that is counted.</summary>
    Any,

    /// <summary>libtorch finds no memory.</summary>
    NoMemory,
}

/// <summary>Lets one place after the other in a backward pass throw; run in a process of its own.</summary>
internal static class Injection
{
    /// <summary>What the message of an injected failure begins with.</summary>
    public const string Message = "injected at ";

    /// <summary>For each autograd function of the library, a sum that went through it.</summary>
    private static readonly Dictionary<string, Func<Tensor>> Sums = new()
    {
        [nameof(ConvolutionFunction)] = () => Scores("LeNet"),
        [nameof(RecurrentFunction)] = () => ((RecurrentClassifier)FaultyModels.New("GRU")).HiddenStates(Sequence()).sum(),
        [nameof(MaxPool2x2Function)] = () => new MaxPool2x2().call(FaultyModels.Input("LeNet").requires_grad_()).sum(),
        [nameof(RuledRelu)] = () => RuledRelu.Call(FaultyModels.Input("LeNet").requires_grad_(), ReluRule.Guided).sum(),
    };

    public static IEnumerable<string> Functions => Sums.Keys;

    public static Tensor Sum(string function) => Sums[function]();

    /// <summary>Lets one place after the other throw, until the backward pass has no further.</summary>
    /// <returns>How many there are.</returns>
    /// <exception cref="InvalidOperationException">An exception is not as promised.</exception>
    public static int EachPlaceByHand(string function, bool createsGraph)
    {
        set_num_threads(2);
        for (int place = 0; ; place++)
        {
            using var scope = NewDisposeScope();
            var loss = Sum(function);
            ThrowAt(TensorFault.Any, place);
            try
            {
                loss.backward(create_graph: createsGraph);
                FaultInjection.Hook = null;
                return place;
            }
            catch (ExternalException e)
            {
                FaultInjection.Hook = null;
                Check(BackwardFailure.Take() ?? e);
            }
        }
    }

    /// <summary>The same in the step of a training.</summary>
    public static int EachPlaceByTrainer(string model)
    {
        set_num_threads(2);
        for (int place = 0; ; place++)
        {
            using var scope = NewDisposeScope();
            try
            {
                FaultyRuns.ByTrainer(
                    FaultyModels.New(model),
                    FaultyModels.Input(model),
                    (_, _, scores) =>
                    {
                        ThrowAt(TensorFault.Any, place);
                        return scores;
                    }
                );
                FaultInjection.Hook = null;
                return place;
            }
            catch (VisionSeqModels.Training.TrainingStepException e)
            {
                FaultInjection.Hook = null;
                Check(e);
            }
        }
    }

    /// <summary>Lets a place throw that this thread and those that work for it pass next.</summary>
    public static void ThrowAt(TensorFault fault, int place = 0)
    {
        int passed = -1;
        FaultInjection.Hook = name =>
        {
            bool counts = fault == TensorFault.Any || name == TensorMemory.Memory;
            if (counts && Interlocked.Increment(ref passed) == place)
            {
                throw fault == TensorFault.Any
                    ? new InvalidOperationException(Message + name)
                    : new ExternalException("[enforce fail] DefaultCPUAllocator: can't allocate memory");
            }
        };
    }

    private static void Check(Exception e)
    {
        if (!e.Message.Contains(Message, StringComparison.Ordinal))
        {
            throw new InvalidOperationException("The message is another.", e);
        }
    }

    private static Tensor Scores(string model) => FaultyModels.New(model).call(FaultyModels.Input(model)).sum();

    private static Tensor Sequence() => FaultyModels.Input("GRU");
}
