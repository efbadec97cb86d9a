using System.Collections;
using System.Globalization;
using System.Reflection;
using VisionSeqModels.Tests.Fuzzing;

namespace VisionSeqModels.Tests.Options;

/// <summary>Each type of options: its defaults, what is said of each bad value, and of all of them at once.</summary>
public sealed class OptionsContractTests
{
    private static readonly Dictionary<string, OptionsCase> Cases = ModelAndDataCases
        .All.Concat(TrainingCases.All)
        .Concat(ViewCases.All)
        .Concat(ExportCases.All)
        .Concat(SequenceCases.All)
        .Concat(FileCases.All)
        .ToDictionary(entry => entry.Type);

    private static readonly string[] Unchecked = ["LoadWeightsOptions"]; // every value of its settings is sound

    public static TheoryData<string> Types => [.. Cases.Keys];

    [Fact]
    public void EveryPublicOptionsType_HasItsCase()
    {
        var named = typeof(Trainer)
            .Assembly.GetExportedTypes()
            .Where(type => !type.IsAbstract && type.Name.EndsWith("Options", StringComparison.Ordinal))
            .Select(type => type.Name)
            .Except(Unchecked);
        Assert.Equal(
            OptionsCatalog.Types.Select(type => type.Name).Union(named).Order(StringComparer.Ordinal),
            Cases.Keys.Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Defaults_AreAsDocumented_AndSound(string name)
    {
        object options = OptionsCatalog.Create(OptionsCatalog.Type(name));
        Assert.Equal(
            Cases[name].Defaults.ReplaceLineEndings("\n"),
            string.Join('\n', Settings(options).Select(setting => $"{setting.Name} = {Text(setting.GetValue(options))}"))
        );
        Assert.Empty(OptionsCatalog.Faults(Sound(name)));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void BadValue_IsToldInOneSentence(string name) =>
        Assert.All(
            Cases[name].Bad,
            bad =>
            {
                object options = Sound(name);
                Set(options, bad.Setting, bad.Value);
                Assert.Equal([bad.Fault], OptionsCatalog.Faults(options));
            }
        );

    [Theory]
    [MemberData(nameof(Types))]
    public void BadValues_AreReportedTogether(string name)
    {
        object options = Sound(name);
        var bad = Cases[name].Bad.DistinctBy(entry => entry.Setting).ToList();
        bad.ForEach(entry => Set(options, entry.Setting, entry.Value));
        var expected = bad.Select(entry => entry.Setting).Except(Cases[name].Hidden).Order(StringComparer.Ordinal);
        Assert.Equal(expected, OptionsCatalog.Faults(options).Select(Setting).Distinct().Order(StringComparer.Ordinal));
    }

    /// <summary>A check without its sentence here is found by trying odd values.</summary>
    [Theory]
    [MemberData(nameof(Types))]
    public void EveryCheckedSetting_HasABadValueHere(string name)
    {
        foreach (var setting in Settings(Sound(name)))
        {
            bool isChecked = OptionsFuzzTests
                .Values(setting.PropertyType)
                .Any(value =>
                {
                    object options = Sound(name);
                    setting.SetValue(options, value);
                    return OptionsCatalog.Faults(options).Any(fault => Setting(fault) == setting.Name);
                });
            Assert.True(
                !isChecked || Cases[name].Bad.Any(bad => bad.Setting == setting.Name),
                $"{name}.{setting.Name} is checked, but no bad value of it is here."
            );
        }
    }

    private static object Sound(string name) => Cases[name].Sound?.Invoke() ?? OptionsCatalog.Create(OptionsCatalog.Type(name));

    private static void Set(object options, string setting, object? value) =>
        options.GetType().GetProperty(setting)!.SetValue(options, value);

    /// <summary>The settings in the order of the source, a type's own before those it inherits.</summary>
    private static IEnumerable<PropertyInfo> Settings(object options) =>
        OptionsCatalog
            .Settings(options.GetType())
            .OrderByDescending(setting => Depth(setting.DeclaringType!))
            .ThenBy(setting => setting.MetadataToken);

    private static int Depth(Type type) => type.BaseType is Type parent ? Depth(parent) + 1 : 0;

    /// <summary>The setting that a sentence begins with.</summary>
    private static string Setting(string fault) => fault[..fault.AsSpan().IndexOfAny(' ', '.', '[')];

    private static string Text(object? value) =>
        value switch
        {
            null => "null",
            string text => $"'{text}'",
            Loss loss => loss.Name,
            Metric metric => metric.Name,
            IEnumerable list => $"[{string.Join(", ", list.Cast<object?>().Select(Text))}]",
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            bool flag => flag ? "true" : "false",
            _ => value.GetType().Name,
        };
}
