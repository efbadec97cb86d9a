using System.Runtime.InteropServices;
using TorchSharp;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Kernels;

/// <summary>What goes wrong around a backward pass; run in a process of its own, which must not end by it.</summary>
internal static class BackwardFaults
{
    /// <summary>All went well.</summary>
    public const string Finished = "finished";

    /// <summary>What a line of the trainer's begins with.</summary>
    public const string ByTrainer = "Fit";

    /// <summary>A process that frees memory just then has enough of it after all.</summary>
    private const int Attempts = 5;

    private static readonly Dictionary<string, Func<nn.Module, Tensor, Tensor, Tensor>> Ways = new()
    {
        ["many threads"] = (_, _, scores) => scores,
        ["more threads in backward"] = (_, _, scores) => After(scores, () => set_num_threads(128)),
        ["no memory"] = (_, _, scores) => After(scores, () => Injection.ThrowAt(TensorFault.NoMemory)),
        ["no memory of the system"] = (_, _, scores) => After(scores, MemoryLimit.Begin),
        ["no memory of the system for a graph"] = (_, _, scores) => After(scores, MemoryLimit.Begin),
        ["weights changed"] = (model, _, scores) => After(scores, () => Change(model.parameters())),
        ["first weight changed"] = (model, _, scores) => After(scores, () => Change(model.parameters().Take(1))),
        ["input clamped"] = (_, input, scores) => After(scores, () => input.clamp_(0, 1)),
        ["buffer refilled"] = (_, input, scores) => After(scores, () => input.copy_(zeros_like(input))),
        ["model disposed"] = (model, _, scores) => After(scores, model.Dispose),
        ["model moved"] = (model, _, scores) => After(scores, () => model.to(ScalarType.Float64)),
        ["no gradient arrives"] = (_, _, scores) => NoGradient.apply(scores),
    };

    public static IEnumerable<string> WayNames => Ways.Keys;

    /// <summary>Does it with each model, by hand and by the trainer.</summary>
    /// <returns>Lines with the exception that was caught and what was kept, or <see cref="Finished"/>.</returns>
    public static IEnumerable<string> Run(string way)
    {
        bool isWide = way == "many threads" || IsOfTheSystem(way);
        set_num_threads(way == "many threads" ? 32 : 2);
        foreach (string model in FaultyModels.Names)
        {
            foreach (string runner in new[] { "backward", ByTrainer })
            {
                string caught = Caught(() => Run(way, isWide ? "wide " + model : model, runner));
                for (int i = 1; i < Attempts && caught == Finished && IsOfTheSystem(way); i++)
                {
                    MemoryLimit.End();
                    caught = Caught(() => Run(way, "wide " + model, runner));
                }

                yield return $"{runner}: {model}: {caught}";
            }
        }
    }

    /// <summary>Whether it works on Linux alone.</summary>
    public static bool IsOfTheSystem(string way) => way.StartsWith("no memory of the system", StringComparison.Ordinal);

    private static void Run(string way, string model, string runner)
    {
        using var scope = NewDisposeScope();
        var (network, input) = (FaultyModels.New(model), FaultyModels.Input(model));
        if (runner == ByTrainer)
        {
            FaultyRuns.ByTrainer(network, input, Ways[way]);
        }
        else
        {
            FaultyRuns.ByHand(
                network,
                input,
                Ways[way],
                createsGraph: way is "model disposed" or "model moved" or "no memory of the system for a graph"
            );
        }
    }

    private static string Caught(Action action)
    {
        try
        {
            action();
            return Finished;
        }
        catch (Exception e)
        {
            MemoryLimit.End();
            string? kept = BackwardFailure.Take()?.Message.Split('\n')[0];
            return $"{e.GetType().Name}: {e.Message.Split('\n')[0]}{(kept is null ? "" : $" Kept: {kept}")}";
        }
    }

    private static Tensor After(Tensor scores, Action action)
    {
        action();
        return scores;
    }

    private static void Change(IEnumerable<Tensor> weights)
    {
        using var noGradients = no_grad();
        foreach (var weight in weights)
        {
            weight.add_(1);
        }
    }

    /// <summary>A user's function that gives no gradient.</summary>
    private sealed class NoGradient : autograd.SingleTensorFunction<NoGradient>
    {
        public override string Name => nameof(NoGradient);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars) => ((Tensor)vars[0]).clone();

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) => [null!];
    }

    /// <summary>A limit to this process's memory, a little above what it has.</summary>
    private static class MemoryLimit
    {
        private const int AddressSpace = 9;
        private const ulong None = ulong.MaxValue;

        public static void Begin() => Set(new Limit { Soft = Used() + (20UL << 20), Hard = None });

        public static void End() => Set(new Limit { Soft = None, Hard = None });

        private static ulong Used() =>
            (ulong)Environment.SystemPageSize
            * ulong.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);

        private static void Set(Limit limit)
        {
            if (OperatingSystem.IsLinux())
            {
                _ = setrlimit(AddressSpace, in limit);
            }
        }

        [DllImport("libc")]
        private static extern int setrlimit(int resource, in Limit limit);

        private struct Limit
        {
            public ulong Soft;
            public ulong Hard;
        }
    }
}
