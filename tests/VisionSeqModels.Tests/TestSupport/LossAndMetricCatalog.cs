using System.Reflection;
using VisionSeqModels.Metrics;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests;

/// <summary>Every loss and metric of the library, found by reflection: each constructor and each factory, for three
/// classes.</summary>
internal static class LossAndMetricCatalog
{
    private const int Classes = 3;

    /// <summary>The losses of <see cref="VisionSeqModels.Losses"/>, by name, without those that a user writes.</summary>
    public static IReadOnlyDictionary<string, Loss> Losses { get; } =
        typeof(Losses)
            .GetMethods(BindingFlags.Public | BindingFlags.Static)
            .Where(method => method.ReturnType == typeof(Loss) && method.Name != "From")
            .ToDictionary(
                method => $"{method.Name}({string.Join(", ", method.GetParameters().Select(parameter => parameter.Name))})",
                method => (Loss)method.Invoke(null, Arguments(method, null))!
            );

    /// <summary>The metrics by name of their maker and of their own.</summary>
    public static IReadOnlyDictionary<string, Metric> Metrics { get; } = All(ignoreIndex: null);

    public static TheoryData<string> LossNames => [.. Losses.Keys];

    public static TheoryData<string> MetricNames => [.. Metrics.Keys];

    /// <summary>The metrics with a label that does not count, where they have that option.</summary>
    public static IReadOnlyDictionary<string, Metric> All(long? ignoreIndex) =>
        typeof(Trainer)
            .Assembly.GetExportedTypes()
            .Where(type => type.IsSubclassOf(typeof(Metric)) && !type.IsAbstract)
            .SelectMany(type => Makers(type).SelectMany(maker => Made(type, maker, ignoreIndex)))
            .ToDictionary(entry => entry.Name, entry => entry.Metric);

    /// <summary>Whether a loss or metric takes scores and labels, rather than outputs and targets of one shape.</summary>
    public static bool TakesLabels(Metric metric) => Accepts(() => metric.Measure(rand(4, Classes), Labels()));

    public static bool TakesLabels(Loss loss) => loss is IIgnoresLabels;

    public static bool TakesAnswers(Metric metric) =>
        metric is BinaryAccuracy or MultiLabelAccuracy or RankingMetric && !TakesLabels(metric);

    public static bool CanIgnore(Metric metric) => metric is IIgnoresLabels && TakesLabels(metric);

    public static Tensor Labels() => tensor(new long[] { 0, 2, 1, 2 });

    private static IEnumerable<MethodBase> Makers(Type type) =>
        type.GetConstructors()
            .Cast<MethodBase>()
            .Concat(type.GetMethods(BindingFlags.Public | BindingFlags.Static).Where(method => IsMetric(method.ReturnType)));

    private static bool IsMetric(Type type) => type.IsAssignableTo(typeof(Metric)) || type == typeof(IReadOnlyList<Metric>);

    private static IEnumerable<(string Name, Metric Metric)> Made(Type type, MethodBase maker, long? ignoreIndex)
    {
        object?[] arguments = Arguments(maker, ignoreIndex);
        object made = maker is ConstructorInfo constructor ? constructor.Invoke(arguments) : maker.Invoke(null, arguments)!;
        string parameters = string.Join(", ", maker.GetParameters().Select(parameter => parameter.Name));
        string name = $"{type.Name}{(maker.IsConstructor ? "" : $".{maker.Name}")}({parameters})";
        return made is Metric one
            ? [(name, one)]
            : [.. ((IReadOnlyList<Metric>)made).Select(each => ($"{name} {each.Name}", each))];
    }

    private static object?[] Arguments(MethodBase method, long? ignoreIndex) =>
        [.. method.GetParameters().Select(parameter => Argument(parameter, ignoreIndex))];

    private static object? Argument(ParameterInfo parameter, long? ignoreIndex) =>
        parameter.Name == "ignoreIndex" ? ignoreIndex
        : parameter.HasDefaultValue ? parameter.DefaultValue
        : parameter.ParameterType == typeof(int) ? (parameter.Name == "k" ? 2 : Classes)
        : parameter.ParameterType == typeof(IReadOnlyList<int>) ? new[] { 1, 2 }
        : parameter.ParameterType == typeof(IReadOnlyList<double>) ? new[] { 1.0 }
        : throw new NotSupportedException($"a {parameter.ParameterType} of {Place(parameter)}");

    private static string Place(ParameterInfo parameter) => $"{parameter.Member.DeclaringType?.Name}.{parameter.Member.Name}";

    private static bool Accepts(Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (ShapeMismatchException)
        {
            return false;
        }
    }
}
