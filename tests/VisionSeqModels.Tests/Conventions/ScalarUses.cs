using Mono.Cecil;
using Mono.Cecil.Cil;
using TorchSharp;

namespace VisionSeqModels.Tests.Conventions;

/// <summary>Where a compiled assembly makes a <see cref="Scalar"/> that nothing holds while libtorch reads it: itself, or in a
/// method of TorchSharp's that it calls.</summary>
internal sealed class ScalarUses : IDisposable
{
    private const string ScalarName = "TorchSharp.Scalar";

    private readonly ModuleDefinition _torchSharp = ModuleDefinition.ReadModule(typeof(torch).Assembly.Location);
    private readonly HashSet<string> _making;

    public ScalarUses()
    {
        var methods = _torchSharp.GetTypes().SelectMany(type => type.Methods).Where(method => method.HasBody).ToList();
        _making = [.. methods.Where(method => Calls(method).Any(call => Makes(call) && !IsHeld(method, call))).Select(Key)];
        int before;
        do
        {
            before = _making.Count;
            _making.UnionWith(methods.Where(method => Calls(method).Any(call => _making.Contains(Key(call)))).Select(Key));
        } while (_making.Count > before);
    }

    /// <summary>Methods that pass on a scalar which they made and did not put into a variable that is disposed.</summary>
    public static IEnumerable<string> Own(ModuleDefinition assembly) =>
        Methods(assembly)
            .Where(method => Outermost(method.DeclaringType).Name != "Scalars")
            .SelectMany(method => Calls(method).Where(call => Makes(call) && !IsHeld(method, call)).Select(_ => Name(method)));

    /// <summary>Methods that call an operator or method of TorchSharp's which makes such a scalar.</summary>
    public IEnumerable<(string Method, string Called)> Inside(ModuleDefinition assembly) =>
        Methods(assembly)
            .SelectMany(method =>
                Calls(method)
                    .Select(call => (MethodReference)call.Operand)
                    .Where(called => called.DeclaringType.FullName != ScalarName && _making.Contains(Key(called)))
                    .Select(called => (Name(method), called.Name))
            );

    public void Dispose() => _torchSharp.Dispose();

    private static IEnumerable<MethodDefinition> Methods(ModuleDefinition assembly) =>
        assembly.GetTypes().SelectMany(type => type.Methods).Where(method => method.HasBody);

    private static IEnumerable<Instruction> Calls(MethodDefinition method) =>
        method.Body.Instructions.Where(instruction => instruction.OpCode.Code is Code.Call or Code.Callvirt or Code.Ldftn);

    private static bool Makes(Instruction call)
    {
        var called = (MethodReference)call.Operand;
        return call.OpCode.Code != Code.Ldftn
            && called.ReturnType.FullName == ScalarName
            && called.DeclaringType.FullName.StartsWith("TorchSharp.", StringComparison.Ordinal)
            && !called.Name.StartsWith("get_", StringComparison.Ordinal);
    }

    /// <summary>Stored in a variable that the method disposes, as <c>using</c> does; that keeps it until then.</summary>
    private static bool IsHeld(MethodDefinition method, Instruction call)
    {
        var (body, next) = (method.Body, Next(call));
        return Stored(next) is int index
            && body.Instructions.Any(instruction =>
                instruction.Operand is MethodReference { Name: "Dispose" } && Loaded(instruction.Previous) == index
            );
    }

    private static Instruction Next(Instruction instruction)
    {
        var next = instruction.Next;
        while (next.OpCode.Code == Code.Nop)
        {
            next = next.Next;
        }

        return next;
    }

    private static int? Stored(Instruction instruction) =>
        instruction.OpCode.Code switch
        {
            Code.Stloc_0 => 0,
            Code.Stloc_1 => 1,
            Code.Stloc_2 => 2,
            Code.Stloc_3 => 3,
            Code.Stloc or Code.Stloc_S => ((VariableDefinition)instruction.Operand).Index,
            _ => null,
        };

    private static int? Loaded(Instruction? instruction) =>
        instruction?.OpCode.Code switch
        {
            Code.Ldloc_0 => 0,
            Code.Ldloc_1 => 1,
            Code.Ldloc_2 => 2,
            Code.Ldloc_3 => 3,
            Code.Ldloc or Code.Ldloc_S => ((VariableDefinition)instruction.Operand).Index,
            _ => null,
        };

    private static string Key(Instruction call) => Key((MethodReference)call.Operand);

    private static string Key(MethodReference method) => method.GetElementMethod().FullName;

    private static string Name(MethodDefinition method) => Outermost(method.DeclaringType).Name.Split('`')[0];

    private static TypeDefinition Outermost(TypeDefinition type) =>
        type.DeclaringType is null ? type : Outermost(type.DeclaringType);
}
