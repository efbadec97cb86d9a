using System.Collections;
using CsCheck;
using VisionSeqModels.Models;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Fuzzing;

/// <summary>Any values of options are taken, or refused with sentences about them; those that are taken make a working
/// model.</summary>
[Collection("Torch")]
public sealed class OptionsFuzzTests
{
    private static readonly double[] Numbers =
    [
        double.NaN,
        double.PositiveInfinity,
        double.NegativeInfinity,
        double.MaxValue,
        double.Epsilon,
        -1,
        0,
        0.5,
        1,
        2,
        30,
    ];
    private static readonly int[] Integers = [int.MinValue, -1, 0, 1, 2, 5, 64, 300, 5000, int.MaxValue];

    public static TheoryData<string> Types => OptionsCatalog.Names;

    [Theory]
    [MemberData(nameof(Types))]
    public void AnyValues_AreTakenOrRefusedInSentences(string name)
    {
        var type = OptionsCatalog.Type(name);
        var settings = OptionsCatalog.Settings(type).Where(setting => Values(setting.PropertyType).Length > 0).ToList();
        int refused = 0;
        Gen.Select(Gen.Int[0, settings.Count], Gen.Int[0, 1000])
            .Array[0, 6]
            .Sample(
                changes =>
                {
                    object options = OptionsCatalog.Create(type);
                    foreach (var (at, value) in changes.Where(change => change.Item1 < settings.Count))
                    {
                        object?[] values = Values(settings[at].PropertyType);
                        settings[at].SetValue(options, values[value % values.Length]);
                    }

                    var faults = OptionsCatalog.Faults(options);
                    Assert.All(faults, fault => Assert.Matches(@"^[A-Z][\w.\[\]]* must .+\.$", fault));
                    refused += faults.Count > 0 ? 1 : 0;
                },
                iter: Fuzz.Count(300),
                threads: 1
            );
        Assert.NotEqual(0, refused);
    }

    [Fact]
    public void LeNetOptions_ThatAreTaken_MakeAModelThatRuns() =>
        Runs(
            Gen.Int[-1, 24]
                .Array[9]
                .Select(size => new LeNetOptions
                {
                    Output = (ModelOutput)Math.Max(0, size[3] % 3),
                    ValueCount = Math.Max(1, size[3] % 3 == 1 ? size[0] : 1),
                    InputChannels = size[0] % 4,
                    ImageHeight = size[1],
                    ImageWidth = size[2],
                    ClassCount = size[3],
                    Conv1Channels = size[4] % 7,
                    Conv2Channels = size[5] % 7,
                    KernelSize = size[6] % 7,
                    Fc1Size = size[7],
                    Fc2Size = size[8],
                    Pooling = size[0] % 2 == 0 ? PoolingMode.Max : PoolingMode.Average,
                }),
            VisionModels.LeNet,
            options => zeros(2, options.InputChannels, options.ImageHeight, options.ImageWidth),
            options => [2, options.OutputCount]
        );

    [Fact]
    public void MlpOptions_ThatAreTaken_MakeAModelThatRuns() =>
        Runs(
            Gen.Select(Gen.Int[0, 4].Array[0, 3], Gen.Int[0, 9].Array[0, 3], Gen.Enum<ModelOutput>(), Gen.Int[0, 4].Array[2])
                .Select(
                    (shape, hidden, output, counts) =>
                        new MlpOptions
                        {
                            InputShape = shape,
                            HiddenSizes = hidden,
                            Output = output,
                            ClassCount = counts[0],
                            ValueCount = counts[1],
                            Dropout = counts[0] / 4.0,
                        }
                ),
            VisionModels.Mlp,
            options => zeros([2, .. options.InputShape.Select(size => (long)size)]),
            options => [2, options.OutputCount]
        );

    [Fact]
    public void ResNetOptions_ThatAreTaken_MakeAModelThatRuns() =>
        Runs(
            Gen.Select(
                    Gen.Int[0, 9].Array[4],
                    Gen.Int[0, 8].Array[3],
                    Gen.Int[0, 12].Array[3],
                    Gen.Int[0, 27],
                    Gen.Enum<ModelOutput>(),
                    Gen.Bool.Array[2]
                )
                .Select(
                    (size, blocks, widths, stages, output, flags) =>
                        new ResNetOptions
                        {
                            InputChannels = size[0] % 4,
                            ImageHeight = size[1],
                            ImageWidth = size[2],
                            // as many widths as stages, but in one of seven
                            BlockCounts = [.. blocks.Take(stages % 4).Select(count => (count + 2) / 4)],
                            Widths = [.. widths.Take(stages < 24 ? stages % 4 : stages % 3)],
                            Output = output,
                            ClassCount = size[3],
                            Stem = flags[0] ? ResNetStem.Small : ResNetStem.Large,
                            Shortcut = flags[1] ? ResNetShortcut.Identity : ResNetShortcut.Projection,
                        }
                ),
            options => VisionModels.ResNet(options),
            options => zeros(3, options.InputChannels, options.ImageHeight, options.ImageWidth),
            options => [3, options.OutputCount]
        );

    [Fact]
    public void RecurrentOptions_ThatAreTaken_MakeAModelThatRuns() =>
        Runs(
            Gen.Select(Gen.Int[-1, 6].Array[5], Gen.Bool.Array[3], Gen.Enum<SequenceReadout>(), Gen.OneOfConst(0, 0.3, 1))
                .Select(
                    (size, flags, readout, dropout) =>
                        new RecurrentOptions
                        {
                            InputSize = size[0],
                            HiddenSize = size[1],
                            LayerCount = size[2],
                            ClassCount = size[3],
                            Bidirectional = flags[0],
                            OrthogonalRecurrentWeights = flags[1],
                            ForgetGateBias = flags[2] ? 1 : null,
                            Readout = readout,
                            Dropout = dropout,
                            Nonlinearity = size[4] < 1 ? ActivationFunction.ReLU : ActivationFunction.Tanh,
                        }
                ),
            options => SequenceModels.Build((RecurrentCell)((options.InputSize + 1) % 3), options),
            options => zeros(2, 3, options.InputSize),
            options => options.Readout == SequenceReadout.EachStep ? [2, 3, options.OutputCount] : [2, options.OutputCount]
        );

    private static void Runs<TOptions>(
        Gen<TOptions> any,
        Func<TOptions, nn.Module<Tensor, Tensor>> build,
        Func<TOptions, Tensor> input,
        Func<TOptions, long[]> shape
    )
    {
        int taken = 0;
        int refused = 0;
        any.Sample(
            options =>
            {
                using var scope = NewDisposeScope();
                try
                {
                    using var model = build(options);
                    Assert.Equal(shape(options), model.call(input(options)).shape);
                    taken++;
                }
                catch (InvalidOptionsException)
                {
                    refused++;
                }
            },
            iter: Fuzz.Count(200),
            threads: 1
        );
        Assert.True(taken > 0 && refused > 0, $"{taken} taken, {refused} refused");
    }

    /// <summary>Values of a type, those included that nobody should give.</summary>
    internal static object?[] Values(Type type) =>
        type switch
        {
            _ when Nullable.GetUnderlyingType(type) is Type inner => [null, .. Values(inner)],
            _ when type == typeof(int) => [.. Integers.Cast<object>()],
            _ when type == typeof(long) => [.. Integers.Select(value => (object)((long)value * value * Math.Sign(value)))],
            _ when type == typeof(double) => [.. Numbers.Cast<object>()],
            _ when type == typeof(float) => [.. Numbers.Select(value => (object)(float)value)],
            _ when type == typeof(bool) => [false, true],
            _ when type == typeof(string) => [null, "", " ", "auto", "a name", "ünïcödé \ud83d\ude00"],
            _ when type == typeof(TimeSpan) => [TimeSpan.MinValue, TimeSpan.Zero, TimeSpan.FromTicks(1), TimeSpan.MaxValue],
            _ when type == typeof(Uri) => [null, new Uri("relative", UriKind.Relative), new Uri("https://example.invalid/")],
            _ when type.IsEnum => [.. Enum.GetValues(type).Cast<object>(), Enum.ToObject(type, -1), Enum.ToObject(type, 99)],
            _ when type == typeof(OptimizerOptions) => [null, new SgdOptions(), new AdamOptions { LearningRate = -1 }],
            _ when type == typeof(LearningRateSchedule) => [null, new CosineSchedule { FinalFactor = 2 }, new OneCycleSchedule()],
            _ when type == typeof(Loss) => [null, Losses.CrossEntropy()],
            _ when Element(type) is Type element => [null, .. Lists(element)],
            _ => [],
        };

    private static Type? Element(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? type.GetGenericArguments()[0] : null;

    private static IEnumerable<object> Lists(Type element)
    {
        object?[] values =
            element == typeof(Metric) ? [null, new Accuracy(), new TopKAccuracy(2)]
            : element == typeof(Augmentation) ? [null, new RandomCrop(), new Cutout { Size = -1 }]
            : element == typeof(ParameterGroup)
                ? [null, new ParameterGroup { Parameters = "a" }, new ParameterGroup { Parameters = " " }]
            : element == typeof(FreezeRule) ? [null, new Freeze("a"), new Unfreeze("a") { LearningRate = -1 }]
            : Values(element);
        foreach (
            object?[] chosen in new object?[][]
            {
                [],
                [values[0]],
                [values[^1]],
                [values[^1], values[^1]],
                values,
                [.. values, values[0]],
            }
        )
        {
            var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(element))!;
            foreach (object? value in chosen)
            {
                list.Add(value);
            }

            yield return list;
        }
    }
}
