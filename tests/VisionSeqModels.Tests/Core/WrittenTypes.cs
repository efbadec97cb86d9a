using System.Reflection;

namespace VisionSeqModels.Tests.Core;

/// <summary>The types of the library that files hold, found by what they are, with an object of each.</summary>
internal static class WrittenTypes
{
    private static readonly Assembly Library = typeof(Trainer).Assembly;

    /// <summary>Those that a user can derive from.</summary>
    private static readonly Type[] OpenKinds = [typeof(OptimizerOptions), typeof(LearningRateSchedule), typeof(Augmentation)];
    private static readonly Type[] ClosedKinds = [typeof(Sampling), typeof(FreezeRule)];

    /// <summary>Options of the kinds that a user can write too, and the options of the models.</summary>
    public static IReadOnlyList<Type> OpenOptions { get; } = [.. Of(OpenKinds), .. ModelOptions];

    public static IReadOnlyList<Type> Options { get; } = [.. OpenOptions, .. Of(ClosedKinds)];

    /// <summary>What views measure.</summary>
    public static IReadOnlyList<Type> Results { get; } =
    [
        .. Library
            .GetExportedTypes()
            .Where(type => type.Namespace == "VisionSeqModels.Visualization" && type.GetMethod("<Clone>$") is not null)
            .Where(type => type.GetMethod("Save", [typeof(string)]) is not null),
    ];

    private static IEnumerable<Type> ModelOptions =>
        new[] { typeof(VisionModels), typeof(SequenceModels) }
            .SelectMany(builders => builders.GetMethods(BindingFlags.Public | BindingFlags.Static))
            .SelectMany(method => method.GetParameters())
            .Select(parameter => parameter.ParameterType)
            .Where(type => type.Name.EndsWith("Options", StringComparison.Ordinal))
            .Distinct();

    public static TheoryData<string> Names(IEnumerable<Type> types) => [.. types.Select(type => type.FullName!)];

    public static Type Find(string name) => Library.GetType(name, throwOnError: true)!;

    /// <summary>An object whose every setting differs from its default.</summary>
    public static object Sample(Type type)
    {
        object sample = OptionsCatalog.Create(type);
        foreach (var property in OptionsCatalog.Settings(type))
        {
            if (Other(property.PropertyType, property.GetValue(sample)) is object value)
            {
                property.SetValue(sample, value);
            }
        }

        return sample;
    }

    private static object? Other(Type type, object? before)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type == typeof(double) ? (before as double? == 0.25 ? double.NaN : 0.25)
            : type == typeof(int) ? 3
            : type == typeof(long) ? 7L
            : type == typeof(bool) ? before as bool? != true
            : type.IsEnum ? Enum.GetValues(type).Cast<object>().Last()
            : type == typeof(IReadOnlyList<double>) ? new[] { 0.5, 1 }
            : type == typeof(IReadOnlyList<int>) ? new[] { 4, 5 }
            : type == typeof(IReadOnlyList<ParameterGroup>)
                ? new[]
                {
                    new ParameterGroup("conv") { WeightDecay = 0.5 },
                    ParameterGroup.WithoutWeightDecay,
                }
            : null;
    }

    private static IEnumerable<Type> Of(Type[] kinds) =>
        Library.GetTypes().Where(type => !type.IsAbstract && Array.Exists(kinds, type.IsSubclassOf));
}
