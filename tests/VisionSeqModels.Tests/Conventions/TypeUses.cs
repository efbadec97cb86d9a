using Mono.Cecil;

namespace VisionSeqModels.Tests.Conventions;

/// <summary>Which type of a compiled assembly uses which other one: in signatures, fields, attributes and code.</summary>
/// <remarks>Nested types count as the type that they are written in. Constants are compiled into their users and leave no
/// trace.</remarks>
internal static class TypeUses
{
    /// <summary>Pairs of names without namespace and generic arity: the user, then the used one.</summary>
    public static IReadOnlySet<(string User, string Used)> In(string assemblyPath)
    {
        using var assembly = AssemblyDefinition.ReadAssembly(assemblyPath);
        var uses = new HashSet<(string, string)>();
        foreach (var type in assembly.MainModule.GetTypes())
        {
            string user = Name(type);
            uses.UnionWith(
                Named(type)
                    .SelectMany(Parts)
                    .Select(part => Own(part, assembly.MainModule))
                    .OfType<string>()
                    .Select(used => (user, used))
            );
        }

        uses.RemoveWhere(use => use.Item1 == use.Item2 || IsGenerated(use.Item1) || IsGenerated(use.Item2));
        return uses;
    }

    /// <summary>Types of the compiler, and the one that coverlet adds where coverage is measured.</summary>
    private static bool IsGenerated(string name) =>
        name.StartsWith('<')
        || name.StartsWith("__", StringComparison.Ordinal)
        || name.StartsWith("VisionSeqModels_", StringComparison.Ordinal);

    /// <summary>Every type that the definition names.</summary>
    private static IEnumerable<TypeReference?> Named(TypeDefinition type) =>
        [
            type.BaseType,
            .. type.Interfaces.Select(entry => entry.InterfaceType),
            .. type.Fields.Select(field => field.FieldType),
            .. type.CustomAttributes.Select(attribute => attribute.AttributeType),
            .. type.GenericParameters.SelectMany(Constraints),
            .. type.Methods.SelectMany(Named),
        ];

    private static IEnumerable<TypeReference?> Named(MethodDefinition method) =>
        [
            .. Signature(method),
            .. method.GenericParameters.SelectMany(Constraints),
            .. method.HasBody ? method.Body.Variables.Select(variable => variable.VariableType) : [],
            .. method.HasBody ? method.Body.Instructions.SelectMany(instruction => Operand(instruction.Operand)) : [],
        ];

    private static IEnumerable<TypeReference?> Operand(object? operand) =>
        operand switch
        {
            TypeReference type => [type],
            MethodReference method => [method.DeclaringType, .. Signature(method)],
            FieldReference field => [field.DeclaringType, field.FieldType],
            _ => [],
        };

    private static IEnumerable<TypeReference?> Signature(MethodReference method) =>
        [
            method.ReturnType,
            .. method.Parameters.Select(parameter => parameter.ParameterType),
            .. method is GenericInstanceMethod generic ? generic.GenericArguments : [],
        ];

    private static IEnumerable<TypeReference> Constraints(GenericParameter parameter) =>
        parameter.Constraints.Select(constraint => constraint.ConstraintType);

    /// <summary>A type and its arguments, without arrays, references and pointers around them.</summary>
    private static IEnumerable<TypeReference> Parts(TypeReference? type) =>
        type switch
        {
            null or GenericParameter => [],
            GenericInstanceType generic => [generic.ElementType, .. generic.GenericArguments.SelectMany(Parts)],
            TypeSpecification around => Parts(around.ElementType),
            _ => [type],
        };

    private static string? Own(TypeReference type, ModuleDefinition module) =>
        type.Scope == module && type.Resolve() is TypeDefinition definition ? Name(definition) : null;

    private static string Name(TypeDefinition type) =>
        type.DeclaringType is null ? type.Name.Split('`')[0] : Name(type.DeclaringType);
}
