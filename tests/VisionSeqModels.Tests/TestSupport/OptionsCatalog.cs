using System.Reflection;
using VisionSeqModels.Models;

namespace VisionSeqModels.Tests;

/// <summary>Every type of the library whose values a user sets and the library checks.</summary>
internal static class OptionsCatalog
{
    private const BindingFlags Instance =
        BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DoNotWrapExceptions;

    public static IReadOnlyList<Type> Types { get; } =
    [
        .. typeof(Trainer)
            .Assembly.GetExportedTypes()
            .Where(type => !type.IsAbstract && Check(type) is not null && typeof(Augmentation) != type)
            .Where(type => !type.IsSubclassOf(typeof(Callback))) // theirs are in CallbackSettingsTests
            .OrderBy(type => type.Name, StringComparer.Ordinal),
    ];

    public static TheoryData<string> Names => [.. Types.Select(type => type.Name)];

    public static Type Type(string name) => Types.Single(type => type.Name == name);

    /// <summary>The properties that can be set, inherited ones too.</summary>
    public static IEnumerable<PropertyInfo> Settings(Type type) =>
        type.GetProperties().Where(property => property.SetMethod?.IsPublic == true);

    public static object Create(Type type) =>
        type == typeof(ImageNormalization) ? ImageNormalization.Centered(3)
        : type == typeof(FeatureNormalization) ? new FeatureNormalization { Mean = [0, 0, 0], StandardDeviation = [1, 1, 1] }
        : type.IsSubclassOf(typeof(FreezeRule)) ? Activator.CreateInstance(type, "fc1")!
        : Activator.CreateInstance(type)!;

    /// <summary>What the library says of these options; nothing where it takes them.</summary>
    public static IReadOnlyList<string> Faults(object options)
    {
        var check = Check(options.GetType())!;
        try
        {
            return check.Invoke(options, Instance, null, [.. check.GetParameters().Select(Argument)], null)
                    as IReadOnlyList<string>
                ?? [];
        }
        catch (InvalidOptionsException e)
        {
            return e.Faults;
        }
    }

    private static MethodInfo? Check(Type type) => type.GetMethod("Validate", Instance) ?? type.GetMethod("Faults", Instance);

    /// <summary>What the options are checked against: three images or channels, a table of two by two, a vanilla
    /// network.</summary>
    private static object? Argument(ParameterInfo parameter) =>
        parameter.HasDefaultValue ? parameter.DefaultValue
        : parameter.ParameterType == typeof(long) ? 3L
        : parameter.ParameterType == typeof(int) ? 2
        : parameter.ParameterType == typeof(RecurrentCell) ? RecurrentCell.Rnn
        : throw new NotSupportedException($"a check with a {parameter.ParameterType}");
}
