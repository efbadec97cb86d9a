using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using VisionSeqModels.Core;
using static TorchSharp.torch;

namespace VisionSeqModels.Studies;

/// <summary>The settings of an object as JSON, as far as they are numbers, texts and lists of these.</summary>
internal static class ObjectSettings
{
    private const int LongestList = 1000;
    private const BindingFlags Own =
        BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>The type's name, and every public property that a user can set.</summary>
    /// <param name="value">The object.</param>
    /// <param name="type">Its own type.</param>
    public static JsonObject OfProperties(
        object value,
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] Type type
    )
    {
        var settings = new JsonObject { ["name"] = type.Name };
        foreach (
            var property in type.GetProperties(BindingFlags.Instance | BindingFlags.Public)
                .Where(one => one is { CanRead: true, SetMethod.IsPublic: true } && one.GetIndexParameters().Length == 0)
                .OrderBy(one => one.Name, StringComparer.Ordinal)
        )
        {
            Add(settings, property.Name, property.GetValue(value));
        }

        return settings;
    }

    /// <summary>The type's name, and every field that never changes, private ones too: what an object was built with.</summary>
    /// <param name="value">The object.</param>
    /// <param name="own">Its own type.</param>
    /// <param name="below">The base class whose own fields, and those of its bases, do not count.</param>
    [UnconditionalSuppressMessage(
        "Trimming",
        "IL2075",
        Justification = "The annotation of a class holds for its base classes too. Of other objects trimming keeps the fields "
            + "that are used; docs/hosts.md says what Native AOT does not see."
    )]
    [UnconditionalSuppressMessage(
        "Trimming",
        "IL2072",
        Justification = "A part that the library made: what it keeps is used, so trimming keeps it too."
    )]
    public static JsonObject OfFields(
        object value,
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicFields | DynamicallyAccessedMemberTypes.NonPublicFields)]
            Type own,
        Type below
    )
    {
        var settings = new JsonObject { ["name"] = own.Name };
        for (var type = own; type is not null && type != below && type != typeof(object); type = type.BaseType)
        {
            foreach (var field in type.GetFields(Own).Where(IsSetting).OrderBy(one => one.Name, StringComparer.Ordinal))
            {
                object? content = field.GetValue(value);
                Add(settings, NameOf(field), content);
                if (content is Delegate { Target: { } kept } && IsOwn(kept))
                {
                    AddKept(settings, kept);
                }
                else if (content is not (null or Delegate or Metric or IEnumerable) && IsOwn(content))
                {
                    // A part that the library made.
                    settings[NameOf(field)] = OfFields(content, content.GetType(), typeof(object));
                }
            }
        }

        return settings;
    }

    /// <summary>The settings of a module: libtorch's own show them as properties, others keep them in fields.</summary>
    [UnconditionalSuppressMessage(
        "Trimming",
        "IL2075",
        Justification = "The package keeps TorchSharp whole (buildTransitive). Of a module of a user's own, trimming keeps the "
            + "fields that are used; docs/hosts.md says what Native AOT does not see."
    )]
    [UnconditionalSuppressMessage("Trimming", "IL2072", Justification = "As above.")]
    public static JsonObject OfModule(nn.Module module)
    {
        var type = module.GetType();
        if (type.Assembly != typeof(nn).Assembly)
        {
            return OfFields(module, type, typeof(nn.Module));
        }

        var settings = new JsonObject { ["name"] = type.Name };
        foreach (
            var property in type.GetProperties(Own).Where(one => one.GetMethod?.IsPublic == true && IsPlain(one.PropertyType))
        )
        {
            Add(settings, property.Name, property.GetValue(module));
        }

        return settings;
    }

    /// <summary>Fields that are only assigned when the object is built: readonly ones, and a primary constructor's.</summary>
    private static bool IsSetting(FieldInfo field) =>
        field.IsInitOnly
        || (field.Name.EndsWith(">P", StringComparison.Ordinal) && field.IsDefined(typeof(CompilerGeneratedAttribute)));

    /// <summary>The name that stands in the source, where the compiler made the field of a property or a parameter.</summary>
    private static string NameOf(FieldInfo field) =>
        field.Name.StartsWith('<') ? field.Name[1..field.Name.IndexOf('>', StringComparison.Ordinal)] : field.Name.TrimStart('_');

    private static void Add(JsonObject settings, string name, object? value)
    {
        if (value is null || IsPlain(value.GetType()))
        {
            settings[name] = JsonFormat.Node(value);
        }
        else if (value is IEnumerable list and not string && Items(list) is JsonArray items)
        {
            settings[name] = items;
        }
    }

    private static bool IsOwn(object value) =>
        value.GetType().Assembly == typeof(ObjectSettings).Assembly && !value.GetType().IsEnum;

    /// <summary>What a function of the library's own keeps, such as a loss that was made of one.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "A function uses what it keeps, so it stays.")]
    private static void AddKept(JsonObject settings, object kept)
    {
        foreach (var field in kept.GetType().GetFields(Own).OrderBy(one => one.Name, StringComparer.Ordinal))
        {
            Add(settings, NameOf(field), field.GetValue(kept));
        }
    }

    private static JsonArray? Items(IEnumerable list)
    {
        var items = new JsonArray();
        if (list is not (Array or IList))
        {
            return null; // to enumerate it could have an effect
        }

        foreach (object? item in list)
        {
            if (items.Count == LongestList || (item is not null && !IsPlain(item.GetType())))
            {
                return null;
            }

            items.Add(JsonFormat.Node(item));
        }

        return items;
    }

    private static bool IsPlain(Type type) =>
        type.IsPrimitive && type != typeof(nint) && type != typeof(nuint)
        || type.IsEnum
        || type == typeof(string)
        || type == typeof(decimal)
        || type == typeof(TimeSpan);
}
