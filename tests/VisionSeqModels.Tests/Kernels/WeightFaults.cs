using TorchSharp.Modules;
using VisionSeqModels.Models;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Kernels;

/// <summary>Weights and inputs that a kernel does not expect; run in a process of its own, because a kernel that read them
/// could end it.</summary>
internal static class WeightFaults
{
    /// <summary>Changes of a weight, by name: it is given a tensor with other values, memory or shape.</summary>
    private static readonly Dictionary<string, Func<Tensor, Tensor>> Others = new()
    {
        ["another shape"] = weight => rand([.. weight.shape.Select(size => size + 1)]),
        ["another order in memory"] = Reordered,
        ["four values"] = _ => rand(4),
        ["no values"] = _ => rand(0),
        ["no dimensions"] = _ => rand([]),
        ["float64"] = weight => rand(weight.shape, float64),
        ["float16"] = weight => rand(weight.shape).to(float16),
        ["int64"] = weight => ones(weight.shape, int64),
    };

    private static readonly Dictionary<string, Func<Tensor>> PoolingInputs = new()
    {
        ["float64"] = () => rand([2, 3, 8, 16], float64),
        ["bfloat16"] = () => rand([2, 3, 8, 16]).to(bfloat16),
        ["int64"] = () => ones([2, 3, 8, 16], int64),
        ["transposed"] = () => rand(2, 3, 16, 8).transpose(2, 3),
        ["channels last"] = () => rand(2, 8, 16, 3).permute(0, 3, 1, 2),
        ["every second column"] = () => rand(2, 3, 8, 32).slice(3, 0, 32, 2),
        ["one image for all"] = () => rand(1, 3, 8, 16).expand(4, 3, 8, 16),
        ["one image"] = () => rand(3, 8, 16),
        ["a sequence"] = () => rand(8, 16),
        ["five dimensions"] = () => rand([1, 2, 3, 8, 16]),
        ["no images"] = () => rand(0, 3, 8, 16),
        ["no channels"] = () => rand(2, 0, 8, 16),
        ["one row"] = () => rand(2, 3, 1, 16),
        ["narrow"] = () => rand(2, 3, 8, 7),
        ["one column"] = () => rand(2, 3, 8, 1),
        ["no rows"] = () => rand(2, 3, 0, 16),
    };

    /// <summary>Compares every case with libtorch.</summary>
    /// <returns>A line for each, which ends with what both gave: "values" or "exception".</returns>
    public static IEnumerable<string> Run()
    {
        set_num_threads(2);
        return Recurrent().Concat(Convolutions()).Concat(Pooling());
    }

    private static IEnumerable<string> Recurrent() =>
        from cell in Enum.GetValues<RecurrentCell>()
        from function in cell == RecurrentCell.Rnn ? Enum.GetValues<ActivationFunction>() : [ActivationFunction.Tanh]
        from name in new[] { "weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0" }
        from other in Others
        from keepsGraph in new[] { false, true }
        select Line(
            $"{cell} {function} {name} {other.Key} {keepsGraph}",
            keepsGraph,
            () =>
            {
                var options = new RecurrentOptions
                {
                    HiddenSize = 128,
                    Nonlinearity = function,
                    Seed = 1,
                };
                var model = SequenceModels.Build(cell, options);
                var weight = model.Layers.named_parameters().First(entry => entry.name == name).parameter;
                var values = other.Value(weight);
                bool hasShape = values.shape.SequenceEqual(weight.shape);
                if (!TrySet(weight, values))
                {
                    return null;
                }

                var input = rand([8, 5, 28], generator: new Generator(1));

                // oneDNN's LSTM would read beyond the weight, and end the process
                return (() => model.call(input), hasShape ? () => Reference(model, input) : Refuse);
            }
        );

    private static IEnumerable<string> Convolutions() =>
        from module in new[] { "conv1", "conv2" }
        from isBias in new[] { false, true }
        from other in Others.Append(new("null", null!))
        where isBias || other.Value is not null
        from keepsGraph in new[] { false, true }
        select Line(
            $"{module} {(isBias ? "bias" : "weight")} {other.Key} {keepsGraph}",
            keepsGraph,
            () =>
            {
                var model = VisionModels.LeNet(new LeNetOptions { Seed = 1 });
                Put((Conv2d)model.named_children().First(entry => entry.name == module).module, isBias, other.Value);
                var input = rand([16, 3, 32, 32], generator: new Generator(1));
                return (() => model.call(input), () => Reference(model, input));
            }
        );

    private static IEnumerable<string> Pooling() =>
        from input in PoolingInputs
        from keepsGraph in new[] { false, true }
        select Line(
            $"pooling {input.Key} {keepsGraph}",
            keepsGraph,
            () =>
            {
                var values = input.Value();
                if (keepsGraph && values.is_floating_point())
                {
                    values.requires_grad_();
                }

                return (() => new VisionSeqModels.Kernels.MaxPool2x2().call(values), () => nn.functional.max_pool2d(values, 2));
            }
        );

    private static string Line(string name, bool keepsGraph, Func<(Func<Tensor> Own, Func<Tensor> Libtorch)?> prepare)
    {
        using var scope = NewDisposeScope();
        using var mode = set_grad_enabled(keepsGraph);
        random.manual_seed(1); // every case gives the same alone, and in every run
        if (prepare() is not var (own, libtorch))
        {
            return $"{name}: cannot be set";
        }

        var (result, failure) = Try(own);
        var (expected, expectedFailure) = Try(libtorch);
        if (result is null || expected is null)
        {
            return result is null && expected is null
                ? $"{name}: exception"
                : $"{name}: DIFFERENT: {failure?.Message ?? "values"}, libtorch {expectedFailure?.Message ?? "values"}";
        }

        if (result.requires_grad)
        {
            result.sum().backward();
        }

        return result.shape.SequenceEqual(expected.shape) && result.dtype == expected.dtype && IsClose(result, expected)
            ? $"{name}: values"
            : $"{name}: DIFFERENT values";
    }

    /// <summary>Differences are parts of the largest value: a score near 0 is the rest of larger ones.</summary>
    private static bool IsClose(Tensor result, Tensor expected)
    {
        if (expected.numel() == 0)
        {
            return true;
        }

        double largest = Math.Max(1e-3, expected.nan_to_num().abs().max().to_type(float64).item<double>());
        return result.allclose(expected, rtol: 0, atol: 1e-5 * largest, equal_nan: true);
    }

    private static Tensor Refuse() => throw new InvalidOperationException("A weight has another shape.");

    private static (Tensor? Result, Exception? Failure) Try(Func<Tensor> run)
    {
        try
        {
            return (run(), null);
        }
        catch (Exception e)
        {
            return (null, e);
        }
    }

    /// <summary>libtorch refuses to change the dtype of a weight in place.</summary>
    private static bool TrySet(Tensor weight, Tensor other)
    {
        using var noGradients = no_grad();
        return Try(() => weight.set_(other)).Failure is null;
    }

    private static void Put(Conv2d module, bool isBias, Func<Tensor, Tensor>? other)
    {
        var before = isBias ? module.bias! : module.weight!;
        var parameter = other is null ? null : New(other(before));
        if (isBias)
        {
            module.bias = parameter!;
        }
        else
        {
            module.weight = parameter!;
        }
    }

    private static Parameter New(Tensor values) => new(values, values.is_floating_point());

    private static Tensor Reordered(Tensor weight) =>
        weight.dim() == 1
            ? stack([weight, weight], 1).flatten().slice(0, 0, 2 * weight.size(0), 2)
            : weight.transpose(0, -1).contiguous().transpose(0, -1);

    private static Tensor Reference(RecurrentClassifier model, Tensor input)
    {
        var (outputs, final) = RecurrentLayers.Run(model.Layers, input);
        return model.Head(outputs, final);
    }

    private static Tensor Reference(LeNet model, Tensor input) =>
        model
            .named_children()
            .Aggregate(
                input,
                (values, entry) =>
                    ((nn.Module<Tensor, Tensor>)entry.module).call(entry.name == "fc1" ? values.flatten(1) : values)
            );
}
