using Mono.Cecil;

namespace VisionSeqModels.Tests.Conventions;

/// <summary>Which type of a compiled assembly calls a method that can change a file or a folder.</summary>
internal static class FileChanges
{
    /// <summary>All other methods of these types count as changes.</summary>
    private static readonly Dictionary<string, string[]> Reading = new()
    {
        ["System.IO.File"] =
        [
            "Exists",
            "ReadAllText",
            "ReadAllBytes",
            "ReadAllLines",
            "ReadLines",
            "OpenRead",
            "GetLastWriteTimeUtc",
        ],
        ["System.IO.Directory"] =
        [
            "Exists",
            "GetFiles",
            "GetDirectories",
            "GetFileSystemEntries",
            "EnumerateFiles",
            "EnumerateDirectories",
            "EnumerateFileSystemEntries",
            "GetLastWriteTimeUtc",
            "GetCurrentDirectory",
            "GetParent",
        ],
        ["System.IO.Compression.ZipFile"] = ["OpenRead"],
        ["System.IO.RandomAccess"] = ["Read", "GetLength"],
    };

    /// <summary>Of these only the named ones do.</summary>
    private static readonly Dictionary<string, string[]> Changing = new()
    {
        ["System.IO.FileStream"] = [".ctor"],
        ["System.IO.FileInfo"] =
        [
            "Create",
            "CreateText",
            "AppendText",
            "Delete",
            "MoveTo",
            "CopyTo",
            "Replace",
            "Open",
            "OpenWrite",
        ],
        ["System.IO.DirectoryInfo"] = ["Create", "CreateSubdirectory", "Delete", "MoveTo"],
        ["System.IO.FileSystemInfo"] = ["Delete", "CreateAsSymbolicLink", "set_LastWriteTimeUtc", "set_Attributes"],
        ["System.IO.Path"] = ["GetTempFileName"],
        ["SkiaSharp.SKFileWStream"] = [".ctor", "OpenStream"],
        ["TorchSharp.torch"] = ["save"],
    };

    /// <summary>Of these the ones that take a path.</summary>
    private static readonly string[] ByPath =
    [
        "System.IO.StreamWriter..ctor",
        "System.IO.MemoryMappedFiles.MemoryMappedFile.CreateFromFile",
        "TorchSharp.torch/nn/Module.save",
    ];

    /// <summary>Pairs: the outermost type that calls, and the method with its type.</summary>
    public static IReadOnlyList<(string User, string Method)> In(string assemblyPath)
    {
        using var assembly = AssemblyDefinition.ReadAssembly(assemblyPath);
        return
        [
            .. from type in assembly.MainModule.GetTypes()
            from method in type.Methods
            where method.HasBody
            from instruction in method.Body.Instructions
            let called = instruction.Operand as MethodReference
            where called is not null && IsChange(called)
            select (Outermost(type), $"{called.DeclaringType.Name}.{called.Name}"),
        ];
    }

    private static bool IsChange(MethodReference method)
    {
        string type = method.DeclaringType.FullName;
        return Reading.TryGetValue(type, out string[]? reading) ? !reading.Contains(method.Name)
            : Changing.TryGetValue(type, out string[]? changing) ? changing.Contains(method.Name)
            : ByPath.Contains($"{type}.{method.Name}") && method.Parameters[0].ParameterType.FullName == "System.String";
    }

    private static string Outermost(TypeDefinition type) =>
        type.DeclaringType is null ? type.Name.Split('`')[0] : Outermost(type.DeclaringType);
}
