using System.Globalization;
using CsCheck;
using VisionSeqModels.Kernels;
using VisionSeqModels.Models;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Kernels;

/// <summary>Every own kernel over memory that ends, or begins, at a page which nobody may touch: inputs, weights, results and
/// what
/// it works in. The values are those that it gives in ordinary memory, bit for bit.</summary>
internal static class GuardedKernels
{
    private const string Seed = "0000KOIPe4S5"; // the same shapes each time

    private static bool s_atEnd;

    private static readonly Dictionary<string, Action<int>> All = new()
    {
        ["pixels"] = Pixels,
        ["resampling"] = Resampling,
        ["pooling"] = Pooling,
        ["convolutions"] = Convolutions,
        ["seen activations"] = SeenActivations,
        ["recurrent"] = Recurrent,
        ["dense"] = Dense,
    };

    /// <summary>The kernels' names.</summary>
    public static IEnumerable<string> Names => All.Keys;

    /// <summary>What another process runs: says each shape before it is tried.</summary>
    /// <returns>How many shapes were tried.</returns>
    /// <param name="args">The number of shapes for each kernel; <c>over</c> to go one value too far.</param>
    public static int Run(string[] args)
    {
        set_num_threads(2);
        int shapes = int.Parse(args[0], CultureInfo.InvariantCulture);
        if (args.Length > 1)
        {
            return GoTooFar(atEnd: args[1] == "end");
        }

        foreach (bool atEnd in new[] { true, false })
        {
            s_atEnd = atEnd;
            foreach (var kernel in All.Values)
            {
                kernel(shapes);
            }
        }

        return s_tried;
    }

    private static int s_tried;

    /// <summary>So that the test of the tests is about something: reads a value beside a tensor's.</summary>
    private static int GoTooFar(bool atEnd)
    {
        Say("one value too far", atEnd ? "end" : "beginning");
        using var tensor = GuardedMemory.New([3], ScalarType.Float32, atEnd);
        using var wrong = tensor.as_strided([5], [1], atEnd ? 0 : tensor.storage_offset());
        return atEnd ? (int)wrong.sum().item<float>() : ReadBefore(tensor);
    }

    private static int ReadBefore(Tensor tensor)
    {
        ref float first = ref System.Runtime.InteropServices.MemoryMarshal.GetReference(TensorMemory.Floats(tensor));
        return (int)System.Runtime.CompilerServices.Unsafe.Add(ref first, -1);
    }

    private static void Say(string kernel, string shape)
    {
        Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"{kernel} {shape} {(s_atEnd ? "before" : "behind")} the page")
        );
        s_tried++;
    }

    private static Tensor Guarded(Tensor tensor) => GuardedMemory.Copy(tensor, s_atEnd);

    /// <summary>Runs a kernel in ordinary memory and in guarded memory.</summary>
    private static void Compare(string kernel, string shape, Tensor[] inputs, Func<Tensor[], Tensor[]> run)
    {
        Say(kernel, shape);
        var expected = run(inputs);
        Tensor[] guarded = [.. inputs.Select(Guarded)];
        foreach (var (input, copy) in inputs.Zip(guarded))
        {
            copy.requires_grad = input.requires_grad;
        }

        bool atEnd = s_atEnd;
        FaultInjection.Memory = (sizes, dtype) => GuardedMemory.New(sizes, dtype, atEnd);
        Tensor[] actual;
        try
        {
            actual = run(guarded);
        }
        finally
        {
            FaultInjection.Memory = null;
        }

        foreach (var (one, other) in expected.Zip(actual))
        {
            TensorAssert.Identical(one, other, $"{kernel} {shape}");
        }
    }

    /// <summary>CsCheck's own loop takes a seed for its first shape alone.</summary>
    private static void Sample<T>(Gen<T> shapes, int count, Action<T> check)
    {
        var random = PCG.Parse(Seed);
        for (int i = 0; i < count; i++)
        {
            using var scope = NewDisposeScope();
            check(shapes.Generate(random, null, out _));
        }
    }

    private static void Pixels(int count) =>
        Sample(
            Gen.Select(Gen.Int[1, 4], Gen.Int[1, 150]),
            count,
            shape =>
            {
                var (channels, size) = shape;
                var bytes = randint(256, [channels * size], generator: new Generator(1)).to_type(ScalarType.Byte);
                Compare(
                    "pixels",
                    $"{channels} × {size}",
                    [bytes, rand(channels), rand(channels)],
                    inputs =>
                    {
                        var result = TensorMemory.Empty(channels * size);
                        PixelKernel.Normalize(
                            inputs[0].bytes,
                            TensorMemory.Floats(result),
                            TensorMemory.Floats(inputs[1]),
                            TensorMemory.Floats(inputs[2])
                        );
                        return [result];
                    }
                );
            }
        );

    private static void Resampling(int count) =>
        Sample(
            Gen.Select(Gen.Int[1, 40], Gen.Int[1, 40], Gen.Int[1, 40], Gen.Int[1, 40], Gen.Bool),
            count,
            shape =>
            {
                var (width, height, newWidth, newHeight, isGrey) = shape;
                int depth = isGrey ? 1 : 4;
                var across = new ResampleWeights(width, newWidth, 0, newWidth);
                var down = new ResampleWeights(height, newHeight, 0, newHeight);
                var picture = randint(256, [height * width * depth], generator: new Generator(1)).to_type(ScalarType.Byte);
                var room = zeros((down.End - down.First) * newWidth * depth, dtype: ScalarType.Byte);
                Compare(
                    "resampling",
                    $"{width} × {height} to {newWidth} × {newHeight}, {depth} bytes",
                    [picture, room, zeros(newWidth * newHeight * depth, dtype: ScalarType.Byte)],
                    inputs =>
                    {
                        ImageResampler.Resize(
                            inputs[0].bytes,
                            width * depth,
                            depth,
                            across,
                            down,
                            inputs[1].bytes,
                            inputs[2].bytes
                        );
                        return [inputs[2]];
                    }
                );
            }
        );

    private static void Pooling(int count) =>
        Sample(
            Gen.Select(Gen.Int[1, 3], Gen.Int[1, 3], Gen.Int[2, 20], Gen.Int[MaxPool2x2Kernel.MinimumWidth, 40]),
            count,
            shape =>
            {
                var (batch, channels, height, width) = shape;
                Compare(
                    "pooling",
                    $"[{batch}, {channels}, {height}, {width}]",
                    [
                        randn([batch, channels, height, width], generator: new Generator(1)),
                        randn([batch, channels, height / 2, width / 2], generator: new Generator(2)),
                    ],
                    inputs =>
                    {
                        var (output, choices) = MaxPool2x2Kernel.Forward(inputs[0]);
                        return [output, choices, MaxPool2x2Kernel.Backward(inputs[1], choices, inputs[0].shape)];
                    }
                );
            }
        );

    private static Gen<(int Batch, LeNetOptions Options)> LeNets =>
        Gen.Select(Gen.Int[1, 20], Gen.Int[1, 4], Gen.Int[1, 9], Gen.Int[1, 9], Gen.Int[1, 5], Gen.Int[0, 12], Gen.Int[0, 12])
            .Select(
                (batch, channels, first, second, side, height, width) =>
                    (
                        batch,
                        new LeNetOptions
                        {
                            InputChannels = channels,
                            Conv1Channels = first,
                            Conv2Channels = second,
                            KernelSize = side,
                            ImageHeight = Least(side) + height,
                            ImageWidth = Least(side) + width,
                        }
                    )
            );

    /// <summary>The smallest image of which both stages leave a value.</summary>
    private static int Least(int side) => (2 * (side + 1)) + side - 1;

    private static string Text(int batch, LeNetOptions options) =>
        $"[{batch}, {options.InputChannels}, {options.ImageHeight}, {options.ImageWidth}] by {options.Conv1Channels} and "
        + $"{options.Conv2Channels} kernels of side {options.KernelSize}";

    private static (FastConvolutions Fast, Tensor[] Inputs) Layers(int batch, LeNetOptions options)
    {
        var modules = new nn.Module<Tensor, Tensor>[]
        {
            nn.Conv2d(options.InputChannels, options.Conv1Channels, options.KernelSize),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(options.Conv1Channels, options.Conv2Channels, options.KernelSize),
            nn.ReLU(),
            nn.MaxPool2d(2),
        };
        var fast = KernelSelection.ConvolutionsAnywhere(options, modules)!;
        var images = randn([batch, options.InputChannels, options.ImageHeight, options.ImageWidth], generator: new Generator(2));
        return (
            fast,
            [images, .. modules.SelectMany(module => module.parameters()).Select(weight => weight.detach().requires_grad_())]
        );
    }

    private static void Convolutions(int count) =>
        Sample(
            LeNets,
            count,
            shape =>
            {
                var (fast, inputs) = Layers(shape.Batch, shape.Options);
                Compare(
                    "convolutions",
                    Text(shape.Batch, shape.Options),
                    inputs,
                    tensors =>
                    {
                        var output = ConvolutionFunction.Call([fast, .. tensors]);
                        Weighted(output).backward();
                        using var noGradients = no_grad();
                        var (alone, _) = fast.Pass.Forward(
                            tensors[0],
                            tensors[1..],
                            ConvolutionPass.Threads(shape.Batch),
                            keep: false
                        );
                        return [output.detach(), alone, .. tensors[1..].Select(weight => weight.grad!)];
                    }
                );
            }
        );

    /// <summary>A stage that does not pool all of its values cannot show them.</summary>
    private static void SeenActivations(int count) =>
        Sample(
            LeNets,
            count,
            shape =>
            {
                var (batch, options) = (shape.Batch, Pooled(shape.Options));
                var (fast, inputs) = Layers(batch, options);
                Compare(
                    "seen activations",
                    Text(batch, options),
                    inputs,
                    tensors =>
                    {
                        using var noGradients = no_grad();
                        int[] sides = Sides(options);
                        Tensor[] seen =
                        [
                            TensorMemory.Empty(batch, options.Conv1Channels, sides[0], sides[1]),
                            TensorMemory.Empty(batch, options.Conv2Channels, sides[2], sides[3]),
                        ];
                        int threads = ConvolutionPass.Threads(batch);
                        var (output, _) = fast.Pass.Forward(tensors[0], tensors[1..], threads, keep: false, seen);
                        return [output, .. seen];
                    }
                );
            }
        );

    /// <summary>The next larger image of which each stage pools all values.</summary>
    private static LeNetOptions Pooled(LeNetOptions options)
    {
        while (Sides(options) is var sides && (sides[0] % 2) + (sides[2] % 2) > 0)
        {
            options = options with { ImageHeight = options.ImageHeight + 1 };
        }

        while (Sides(options) is var sides && (sides[1] % 2) + (sides[3] % 2) > 0)
        {
            options = options with { ImageWidth = options.ImageWidth + 1 };
        }

        return options;
    }

    /// <summary>Height and width of what the convolutions give.</summary>
    private static int[] Sides(LeNetOptions options)
    {
        int height = options.ImageHeight - options.KernelSize + 1,
            width = options.ImageWidth - options.KernelSize + 1;
        return [height, width, (height / 2) - options.KernelSize + 1, (width / 2) - options.KernelSize + 1];
    }

    private static void Recurrent(int count) =>
        Sample(
            Gen.Select(
                Gen.OneOfConst(Enum.GetValues<RecurrentCell>()),
                Gen.Int[1, 20],
                Gen.Int[1, 9],
                Gen.Int[1, 40],
                Gen.Int[1, 4],
                Gen.Bool,
                Gen.Bool
            ),
            count,
            shape =>
            {
                var (cell, batch, time, features, panels, lastOnly, isRelu) = shape;
                var options = new RecurrentOptions
                {
                    InputSize = features,
                    HiddenSize = panels * PanelGemm.Panel,
                    Nonlinearity = isRelu ? ActivationFunction.ReLU : ActivationFunction.Tanh,
                };
                var module = RecurrentLayers.Create(cell, options);
                var layer = KernelSelection.RecurrentLayerAnywhere(module, cell, options)!;
                var sequence = randn([batch, time, features], generator: new Generator(2)).requires_grad_();
                var weights = module.named_parameters().ToDictionary(entry => entry.name, entry => entry.parameter.detach());
                Compare(
                    "recurrent",
                    $"{cell} [{batch}, {time}, {features}], {options.HiddenSize} units, last only: {lastOnly}, ReLU: {isRelu}",
                    [sequence, .. FastRecurrentLayer.WeightNames.Select(name => weights[name].requires_grad_())],
                    tensors =>
                    {
                        var output = RecurrentFunction.Call([layer, lastOnly, .. tensors]);
                        Weighted(output).backward();
                        using var noGradients = no_grad();
                        var alone = RecurrentPass.Forward(layer.Kernel, tensors[0], tensors[1..], lastOnly).Output;
                        return [output.detach(), alone, .. tensors.Select(tensor => tensor.grad!)];
                    }
                );
            }
        );

    private static void Dense(int count) =>
        Sample(
            Gen.Select(Gen.Int[1, 70], Gen.Int[1, 40], Gen.Int[1, 9]),
            count,
            shape =>
            {
                var (inputs, hidden, outputs) = shape;
                Compare(
                    "dense",
                    $"{inputs} > {hidden} > {outputs}",
                    [randn(1, inputs), randn(hidden, inputs), randn(hidden), randn(outputs, hidden), randn(outputs)],
                    tensors => [FastDense.Run(tensors[0], tensors[1..])]
                );
            }
        );

    /// <summary>A sum that weighs each value differently.</summary>
    private static Tensor Weighted(Tensor output) => (output * randn(output.shape, generator: new Generator(4))).sum();
}
