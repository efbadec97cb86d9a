using System.Collections;
using System.Globalization;
using System.Reflection;

namespace VisionSeqModels.Tests.Options;

/// <summary>docs/options.md lists each option of training with the default that the code has.</summary>
public sealed class OptionsPageTests
{
    private const string Required = "required";
    private static readonly Assembly Library = typeof(Trainer).Assembly;

    [Fact]
    public void EveryTrainerOption_StandsOnThePage() => Compare("Trainer options", Properties(typeof(TrainerOptions)));

    [Fact]
    public void EveryOptimizerOption_StandsOnThePage() =>
        Compare("Optimizers", [.. Family(typeof(OptimizerOptions)), .. Properties(typeof(ParameterGroup))]);

    [Fact]
    public void EveryScheduleOption_StandsOnThePage() => Compare("Schedules", Family(typeof(LearningRateSchedule)));

    [Fact]
    public void EverySamplingOption_StandsOnThePage() => Compare("Sampling", Family(typeof(Sampling)));

    [Fact]
    public void EveryAugmentationOption_StandsOnThePage() => Compare("Augmentations", Family(typeof(Augmentation)));

    [Fact]
    public void EveryOnnxOption_StandsOnThePage() => Compare("ONNX export", Properties(typeof(OnnxOptions)));

    [Fact]
    public void EveryImageFolderOption_StandsOnThePage() =>
        Compare("Image folders", [.. Properties(typeof(ImageFolderOptions)), .. Properties(typeof(ImagePreparation))]);

    [Fact]
    public void EveryPageOption_StandsOnThePage() => Compare("Pages of models", Properties(typeof(PageOptions)));

    [Fact]
    public void EveryTableOption_StandsOnThePage() => Compare("Sequence tables", Properties(typeof(SequenceTableOptions)));

    [Fact]
    public void EveryLossOption_StandsOnThePage() =>
        Compare(
            "Losses",
            typeof(Losses)
                .GetMethods(BindingFlags.Public | BindingFlags.Static)
                .SelectMany(method => Parameters(method.Name, method.GetParameters()))
                .Distinct()
        );

    [Fact]
    public void EveryMetricOption_StandsOnThePage() =>
        Compare(
            "Metrics",
            Concrete(typeof(Metric))
                .SelectMany(type =>
                    type.GetConstructors()
                        .SelectMany(constructor => Parameters(type.Name, constructor.GetParameters()))
                        .Concat(
                            type.GetMethods(BindingFlags.Public | BindingFlags.Static)
                                .Where(method => method.ReturnType == type)
                                .SelectMany(method => Parameters($"{type.Name}.{method.Name}", method.GetParameters()))
                        )
                )
                .Distinct()
        );

    [Fact]
    public void EveryOptionOfLoadingWeights_StandsOnThePage() =>
        Compare("Loading weights", Properties(typeof(LoadWeightsOptions)));

    private static void Compare(string section, IEnumerable<(string Type, string Option, string Default)> code)
    {
        var page = OptionsPage.Rows(section);
        var missing = code.Except(page).Select(row => $"missing on the page: {row}");
        var surplus = page.Except(code).Select(row => $"not in the code: {row}");
        string differences = string.Join('\n', missing.Concat(surplus));
        Assert.True(differences.Length == 0, $"docs/options.md, {section}, differs from the code:\n{differences}");
    }

    private static IEnumerable<Type> Concrete(Type parent) =>
        Library.GetExportedTypes().Where(type => type.IsSubclassOf(parent) && !type.IsAbstract);

    /// <summary>The options of each type of a family, and those that its types have from their parent.</summary>
    private static IEnumerable<(string Type, string Option, string Default)> Family(Type parent)
    {
        var inherited = Properties(Concrete(parent).First(), parent);
        return Concrete(parent).SelectMany(type => Properties(type)).Concat(inherited.Count > 1 ? inherited : []);
    }

    /// <summary>The settable properties that a type, or the parent it has them from, declares.</summary>
    private static List<(string Type, string Option, string Default)> Properties(Type type, Type? parent = null)
    {
        object made = Activator.CreateInstance(type)!; // reflection does not ask for required members
        string name = (parent ?? type).Name;
        var settable = (parent ?? type)
            .GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(property => property.SetMethod?.IsPublic == true && !property.GetMethod!.IsAbstract)
            .Select(property => (name, property.Name, IsRequired(property) ? Required : Text(property.GetValue(made))));
        return [(name, "", ""), .. settable];
    }

    private static IEnumerable<(string Type, string Option, string Default)> Parameters(
        string type,
        ParameterInfo[] parameters
    ) =>
        [
            (type, "", ""),
            .. parameters.Select(parameter =>
                (type, parameter.Name!, parameter.HasDefaultValue ? Text(parameter.DefaultValue, parameter) : Required)
            ),
        ];

    private static bool IsRequired(PropertyInfo property) =>
        property.CustomAttributes.Any(attribute => attribute.AttributeType.Name == "RequiredMemberAttribute");

    private static string Text(object? value, ParameterInfo? parameter = null) =>
        value switch
        {
            null => "null",
            bool truth => truth ? "true" : "false",
            string text => text,
            Enum choice => choice.ToString(),
            int choice when parameter?.ParameterType.IsEnum == true => Enum.ToObject(parameter.ParameterType, choice).ToString()!,
            double number => number
                .ToString(CultureInfo.InvariantCulture)
                .Replace("E-0", "e-", StringComparison.Ordinal)
                .Replace("E-", "e-", StringComparison.Ordinal),
            TimeSpan { TotalMinutes: 1 } => "1 minute",
            CancellationToken => "none",
            CultureInfo culture => culture.Name.Length == 0 ? "invariant" : culture.Name,
            Loss loss => loss.Name,
            Metric metric => metric.Name,
            IEnumerable list => string.Join(", ", list.Cast<object>().Select(item => Text(item))) is { Length: > 0 } items
                ? items
                : "none",
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            _ => value.GetType().Name,
        };
}
