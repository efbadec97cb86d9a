using TorchSharp.Modules;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Optimization;

/// <summary>What <c>torch._fused_adam_</c> and <c>torch._fused_adamw_</c> take: parameters that have taken as many steps, with
/// their gradients and running means.</summary>
internal sealed class FusedAdamLists
{
    private readonly List<Tensor> _parameters = [];
    private readonly List<Tensor> _gradients = [];
    private readonly List<Tensor> _means = [];
    private readonly List<Tensor> _squares = [];
    private readonly List<Tensor> _maxima = [];

    private void Add(Tensor parameter, Tensor gradient, Tensor mean, Tensor square, Tensor? maximum)
    {
        _parameters.Add(parameter);
        _gradients.Add(gradient);
        _means.Add(mean);
        _squares.Add(square);
        if (maximum is not null)
        {
            _maxima.Add(maximum);
        }
    }

    /// <summary>Moves the parameters of a group and their means.</summary>
    /// <param name="function">The name in <see cref="TorchScripts"/>.</param>
    /// <param name="parameters">Those of the group; one without a gradient stays.</param>
    /// <param name="next">Counts a parameter's step, and gives its number, from 1, with the means.</param>
    /// <param name="numbers">Learning rate, β₁, β₂, weight decay and ε.</param>
    /// <param name="amsGrad">Whether to divide by the largest mean of squares.</param>
    /// <param name="maximize">Whether to go up.</param>
    public static void Step(
        string function,
        IEnumerable<Parameter> parameters,
        Func<Parameter, (long Step, Tensor Mean, Tensor Square, Tensor? Maximum)> next,
        (double Rate, double Beta1, double Beta2, double Decay, double Epsilon) numbers,
        bool amsGrad,
        bool maximize
    )
    {
        foreach (var (step, list) in Of(parameters, next))
        {
            list.Move(function, step, numbers, amsGrad, maximize);
        }
    }

    /// <summary>The lists of a group by the number of the step that is due.</summary>
    private static SortedDictionary<long, FusedAdamLists> Of(
        IEnumerable<Parameter> parameters,
        Func<Parameter, (long Step, Tensor Mean, Tensor Square, Tensor? Maximum)> next
    )
    {
        var lists = new SortedDictionary<long, FusedAdamLists>();
        foreach (var parameter in parameters)
        {
            if (parameter.grad is Tensor gradient)
            {
                var (step, mean, square, maximum) = next(parameter);
                if (!lists.TryGetValue(step, out var list))
                {
                    lists.Add(step, list = new FusedAdamLists());
                }

                list.Add(parameter, gradient, mean, square, maximum);
            }
        }

        return lists;
    }

    private void Move(
        string function,
        long step,
        (double Rate, double Beta1, double Beta2, double Decay, double Epsilon) numbers,
        bool amsGrad,
        bool maximize
    ) =>
        TorchScripts.Call(
            function,
            _parameters.ToArray(),
            _gradients.ToArray(),
            _means.ToArray(),
            _squares.ToArray(),
            _maxima.ToArray(),
            Scalars.Of((double)step),
            Scalars.Of(numbers.Rate),
            Scalars.Of(numbers.Beta1),
            Scalars.Of(numbers.Beta2),
            Scalars.Of(numbers.Decay),
            Scalars.Of(numbers.Epsilon),
            amsGrad,
            maximize
        );

    /// <summary>One step of a copy, to see whether the device has the operation.</summary>
    public static void Try(string function, Tensor parameter)
    {
        var lists = new FusedAdamLists();
        lists.Add(parameter, zeros_like(parameter), zeros_like(parameter), zeros_like(parameter), null);
        lists.Move(function, 1, (1e-3, 0.9, 0.999, 0, 1e-8), amsGrad: false, maximize: false);
    }
}
