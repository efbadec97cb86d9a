using System.Reflection;
using System.Text.Json.Serialization.Metadata;

namespace VisionSeqModels.Core;

/// <summary>Lets a source-generated type keep the values that its init-only properties have without JSON.</summary>
/// <remarks>The generator's own code gives zero or null to every such property that the JSON lacks. The constructor and the
/// properties come from the generated code, so trimming keeps them.</remarks>
internal static class InitOnlyProperties
{
    public static void KeepDefaults(JsonTypeInfo type)
    {
        if (
            type.Kind != JsonTypeInfoKind.Object
            || type.ConstructorAttributeProvider is not ConstructorInfo constructor
            || constructor.GetParameters().Length > 0
        )
        {
            return;
        }

        type.CreateObject = () => constructor.Invoke(BindingFlags.DoNotWrapExceptions, null, null, null);
        foreach (var property in type.Properties)
        {
            if (property is { Set: not null, AttributeProvider: PropertyInfo { SetMethod: not null } member })
            {
                property.Set = (target, value) =>
                    member.SetValue(target, value, BindingFlags.DoNotWrapExceptions, null, null, null);
            }
        }
    }
}
